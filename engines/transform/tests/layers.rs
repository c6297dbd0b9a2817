//! The engine on a small made-up network, with transforms written by hand: what is merged, what
//! is deleted, what runs again and what does not.

#![expect(clippy::unwrap_used, reason = "in tests a failure is a panic")]

mod network;

use expect_test::{Expect, expect};
use network::{CODE, Network, texts};
use transform::{Fault, RestoreError};

fn runs(network: &Network, expected: &Expect) {
    expected.assert_eq(&network.last_runs());
}

#[test]
fn an_intent_is_worked_down_to_devices() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    network.check(
        1,
        &expect![[r#"
            <device xmlns="urn:low">
              <name>a</name>
              <loopback>10.0.0.1</loopback>
            </device>
            <group xmlns="urn:low">
              <id>core</id>
              <secret>s3cret</secret>
              <member>a</member>
            </group>"#]],
    );
    network.check_device(
        "a",
        &expect![[r#"
            <host xmlns="urn:box">a</host>
            <address xmlns="urn:box">10.0.0.1</address>"#]],
    );
}

#[test]
fn what_is_written_by_several_stays_until_the_last_one_goes() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    network.set("<router><name>b</name><id>2</id></router>").unwrap();
    assert!(network.layer(1).contains("<member>b</member>"));
    network.remove("router", "a").unwrap();
    network.check(
        1,
        &expect![[r#"
            <device xmlns="urn:low">
              <name>b</name>
              <loopback>10.0.0.2</loopback>
            </device>
            <group xmlns="urn:low">
              <id>core</id>
              <secret>s3cret</secret>
              <member>b</member>
            </group>"#]],
    );
    network.remove("router", "b").unwrap();
    assert_eq!(network.layer(1), "");
    assert_eq!(network.device("b"), None);
}

#[test]
fn only_what_changed_runs() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    network.set("<router><name>b</name><id>2</id></router>").unwrap();
    network
        .set("<vpn><name>red</name><site><router>a</router><port>p1</port></site></vpn>")
        .unwrap();
    network
        .set("<vpn><name>blue</name><site><router>a</router><port>p2</port></site></vpn>")
        .unwrap();
    runs(
        &network,
        &expect![[r#"
            layer 0 Vpn /top:vpn[name='blue']: Changed (Input)
            layer 1 Port /low:device[name='a']/port[name='p2']: Changed (Input)"#]],
    );
}

#[test]
fn a_link_runs_its_subscribers() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    network.set("<router><name>b</name><id>2</id></router>").unwrap();
    network
        .set("<vpn><name>red</name><site><router>a</router><port>p1</port></site></vpn>")
        .unwrap();
    network.set("<router><name>b</name><id>7</id></router>").unwrap();
    assert!(!network.last_runs().contains("Vpn"), "red is not linked to b");
    network.set("<router><name>a</name><id>9</id></router>").unwrap();
    runs(
        &network,
        &expect![[r#"
            layer 0 Router /top:router[name='a']: Changed (Input)
            layer 0 Vpn /top:vpn[name='red']: Changed (Link)
            layer 1 Base /low:device[name='a']: Changed (Input)
            layer 1 Port /low:device[name='a']/port[name='p1']: Unchanged (Input)"#]],
    );
}

#[test]
fn a_conflict_names_both_owners_and_changes_nothing() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    network
        .set("<vpn><name>red</name><site><router>a</router><port>p1</port></site></vpn>")
        .unwrap();
    let before = network.layer(1);
    let faults = network
        .set("<vpn><name>blue</name><site><router>a</router><port>p1</port></site></vpn>")
        .unwrap_err();
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    expect![[r#"
        conflict at layer low /low:device[name='a']/port[name='p1']/vpn: red from transform Vpn of /top:vpn[name='red'], blue from transform Vpn of /top:vpn[name='blue']"#]]
    .assert_eq(&told.join("\n"));
    assert_eq!(network.layer(1), before);
    network.remove("vpn", "red").unwrap();
    network
        .set("<vpn><name>blue</name><site><router>a</router><port>p1</port></site></vpn>")
        .unwrap();
}

#[test]
fn a_panic_is_contained() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    let before = network.layer(1);
    let faults = network.set("<router><name>panic</name><id>3</id></router>").unwrap_err();
    assert!(matches!(&faults[..], [Fault::Panicked { message, .. }] if message == "on purpose"));
    assert_eq!(network.layer(1), before);
    network.set("<router><name>c</name><id>3</id></router>").unwrap();
}

#[test]
fn output_that_breaks_a_rule_is_refused_with_its_owner() {
    let mut network = Network::new();
    let faults = network.set("<router><name>a</name><id>300</id></router>").unwrap_err();
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert!(told[0].contains("10.0.0.300"), "{told:?}");
    assert_eq!(network.layer(1), "");
}

#[test]
fn a_device_waits_for_its_facts() {
    let mut network = Network::without_facts();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    assert!(network.last_runs().contains("Base /low:device[name='a']: Waiting (Input)"));
    assert_eq!(network.device("a"), None);
    network.learn("a").unwrap();
    assert!(network.device("a").is_some());
    runs(&network, &expect!["layer 1 Base /low:device[name='a']: Changed (DeviceFacts)"]);
}

#[test]
fn provenance_leads_up_to_the_intent() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    network
        .set("<vpn><name>red</name><site><router>a</router><port>p1</port></site></vpn>")
        .unwrap();
    let owners = network.explain_device("a", "/box:port[name='p1']/label");
    expect![[r#"
        transform Port of /low:device[name='a']/port[name='p1']
        transform Vpn of /top:vpn[name='red']"#]]
    .assert_eq(&owners);
}

#[test]
fn memory_is_given_back_at_the_next_run() {
    let mut network = Network::new();
    network.set("<counter><name>x</name><note>1</note></counter>").unwrap();
    network.set("<counter><name>x</name><note>2</note></counter>").unwrap();
    assert!(network.layer(1).contains("<seen>2</seen>"));
    network.remove("counter", "x").unwrap();
    network.set("<counter><name>x</name><note>3</note></counter>").unwrap();
    assert!(network.layer(1).contains("<seen>1</seen>"), "a gone instance remembers nothing");
}

#[test]
fn user_order_does_not_depend_on_the_order_of_edits() {
    let (one, two) = (
        "<rule-set><name>one</name><rule>x</rule><rule>b</rule></rule-set>",
        "<rule-set><name>two</name><rule>a</rule><rule>x</rule></rule-set>",
    );
    let mut forward = Network::new();
    forward.set(one).unwrap();
    forward.set(two).unwrap();
    let mut backward = Network::new();
    backward.set(two).unwrap();
    backward.set(one).unwrap();
    assert_eq!(forward.layer(1), backward.layer(1));
    assert_eq!(texts(&forward.layer(1), "rule"), ["x", "b", "a"]);
}

#[test]
fn bytes_of_another_program_are_refused() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    let refused = network.state_of(b"other transforms", &network.bytes());
    assert_eq!(refused.unwrap_err(), RestoreError::OtherProgram);
}

#[test]
fn damaged_bytes_are_an_error_or_a_state_but_no_panic() {
    let mut network = Network::new();
    network.set("<router><name>a</name><id>1</id></router>").unwrap();
    network.set("<router><name>b</name><id>2</id></router>").unwrap();
    let good = network.bytes();
    for length in 0..good.len() {
        assert!(network.state_of(CODE, &good[..length]).is_err(), "cut at {length}");
    }
    for at in 0..good.len() {
        for bit in [1, 0x80] {
            let mut bytes = good.clone();
            bytes[at] ^= bit;
            drop(network.state_of(CODE, &bytes));
        }
    }
}
