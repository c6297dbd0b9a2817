use super::*;

fn one(uri: &str) -> Capabilities {
    [uri].into_iter().collect()
}

#[test]
fn standard_capabilities_in_both_spellings() {
    type Check = fn(&Capabilities) -> bool;
    let checks: [(&str, Check); 13] = [
        ("base:1.0", Capabilities::has_base_1_0),
        ("base:1.1", Capabilities::has_base_1_1),
        ("capability:writable-running:1.0", Capabilities::has_writable_running),
        ("capability:candidate:1.0", Capabilities::has_candidate),
        ("capability:rollback-on-error:1.0", Capabilities::has_rollback_on_error),
        ("capability:validate:1.0", Capabilities::has_validate),
        ("capability:validate:1.1", Capabilities::has_validate),
        ("capability:validate:1.1", Capabilities::has_validate_1_1),
        ("capability:startup:1.0", Capabilities::has_startup),
        ("capability:xpath:1.0", Capabilities::has_xpath),
        ("capability:notification:1.0", Capabilities::has_notification),
        ("capability:interleave:1.0", Capabilities::has_interleave),
        ("capability:url:1.0?scheme=file", |c| c.url_schemes().is_some()),
    ];
    for (name, check) in checks {
        assert!(check(&one(&format!("urn:ietf:params:netconf:{name}"))), "{name}");
        assert!(check(&one(&format!(" urn:ietf:params:xml:ns:netconf:{name}\n"))), "{name}");
        assert!(!check(&one(&format!("urn:other:{name}"))), "{name}");
    }
    assert!(!one("urn:ietf:params:netconf:capability:validate:1.0").has_validate_1_1());
    assert!(one("urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring?module=x").has_monitoring());
}

#[test]
fn confirmed_commit_versions() {
    let both = [uri::CONFIRMED_COMMIT_1_0, uri::CONFIRMED_COMMIT_1_1];
    assert_eq!(Capabilities::base().confirmed_commit(), None);
    assert_eq!(one(both[0]).confirmed_commit(), Some(ConfirmedCommit::V1_0));
    let all: Capabilities = both.into_iter().collect();
    assert_eq!(all.confirmed_commit(), Some(ConfirmedCommit::V1_1));
}

#[test]
fn modules_with_features_and_deviations() {
    let plain = one("http://a.example/ns?module=a&revision=2020-01-01&features=f1,f2&deviations=d");
    let expected = Module {
        revision: Some("2020-01-01".to_owned()),
        features: vec!["f1".to_owned(), "f2".to_owned()],
        deviations: vec!["d".to_owned()],
        ..Module::new("a", "http://a.example/ns")
    };
    assert_eq!(plain.modules(), std::slice::from_ref(&expected));
    assert_eq!(Capability::of_module(&expected).module(), Some(expected.clone()));
    // A separator escaped twice, as some devices send it.
    let twice = "http://a.example/ns?module=a&amp;revision=2020-01-01&amp;features=f1,f2&amp;\
        deviations=d";
    assert_eq!(one(twice).modules(), [expected]);
    let bare = one("urn:x?module=x&revision=&features=");
    assert_eq!(bare.modules(), [Module::new("x", "urn:x")]);
    assert_eq!(one("urn:x?revision=2020-01-01").modules(), []);
    assert_eq!(one("urn:x?module=").modules(), []);
}

#[test]
fn parameters_are_percent_decoded() {
    let value = |uri: &str| Capability::new(uri).parameter("p");
    assert_eq!(value("u?p=a%2Cb%20c").as_deref(), Some("a,b c"));
    assert_eq!(value("u?p=100%").as_deref(), Some("100%"));
    assert_eq!(value("u?p=%zz%4").as_deref(), Some("%zz%4"));
    assert_eq!(value("u?p=%ff").as_deref(), Some("%ff"));
    assert_eq!(value("u?pp=1&p=2=3").as_deref(), Some("2=3"));
    assert_eq!(value("u?p"), None);
    assert_eq!(value("u"), None);
    assert_eq!(value("u?"), None);
}

#[test]
fn with_defaults_and_library() {
    let c = one(
        "urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=explicit&also-supported=\
         report-all,report-all-tagged,new-mode",
    );
    let expected = WithDefaultsCapability {
        basic_mode: WithDefaults::Explicit,
        also_supported: vec![WithDefaults::ReportAll, WithDefaults::ReportAllTagged],
    };
    assert!(expected.supports(WithDefaults::Explicit) && !expected.supports(WithDefaults::Trim));
    assert_eq!(c.with_defaults(), Some(expected.clone()));
    let again: Capabilities = [expected.capability()].into_iter().collect();
    assert_eq!(again.with_defaults(), Some(expected));
    assert_eq!(one("urn:ietf:params:netconf:capability:with-defaults:1.0").with_defaults(), None);

    let new =
        "urn:ietf:params:netconf:capability:yang-library:1.1?revision=2019-01-04&content-id=9";
    let old = "urn:ietf:params:netconf:capability:yang-library:1.0?revision=2016-06-21&\
        module-set-id=8";
    let library = |uri| one(uri).yang_library().map(|l| (l.has_datastores, l.content_id));
    assert_eq!(library(new), Some((true, Some("9".to_owned()))));
    assert_eq!(library(old), Some((false, Some("8".to_owned()))));
    let schemes = one("urn:ietf:params:netconf:capability:url:1.0?scheme=http,ftp, file");
    assert_eq!(schemes.url_schemes().unwrap(), ["http", "ftp", "file"]);
}

#[test]
fn doubles_are_kept_once() {
    let all: Capabilities = ["a", "b", "a"].into_iter().map(Capability::new).collect();
    assert_eq!(all.len(), 2);
}
