use super::*;

#[test]
fn written_and_read_back() {
    let limits = Limits::default();
    let sent = Notification {
        event_time: "2026-02-03T04:05:06.78Z".to_owned(),
        xml: "<link-down xmlns='urn:l'><if>eth0</if></link-down>".to_owned(),
    };
    let message = sent.encode(&limits).unwrap();
    assert_eq!(Notification::decode(message.as_bytes(), &limits), Ok(sent.clone()));
    let bad = Notification { xml: "<a>".to_owned(), ..sent.clone() };
    assert!(matches!(bad.encode(&limits), Err(Error::BadFragment { .. })));
    let bad = Notification { event_time: String::new(), ..sent };
    assert!(matches!(bad.encode(&limits), Err(Error::BadParameter { .. })));
}

#[test]
fn a_prefixed_one_keeps_what_was_in_scope() {
    let message = "<n:notification xmlns:n='urn:ietf:params:xml:ns:netconf:notification:1.0' \
        xmlns:p='urn:p'><n:eventTime> 2026-01-01T00:00:00Z </n:eventTime><p:e><p:t>p:x</p:t></p:e>\
        </n:notification>";
    let read = Notification::decode(message.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(read.event_time, "2026-01-01T00:00:00Z");
    assert!(read.xml.contains("xmlns:p=\"urn:p\"") && read.xml.ends_with("</p:e>"), "{}", read.xml);
}

#[test]
fn bad_ones() {
    let decode = |text: &str| Notification::decode(text.as_bytes(), &Limits::default());
    let timeless =
        decode("<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'/>");
    assert!(matches!(timeless, Err(Error::BadNotification { .. })));
    assert!(matches!(decode("<notification/>"), Err(Error::UnexpectedMessage { .. })));
}
