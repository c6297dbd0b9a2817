//! Messages of NETCONF (RFC 6241, RFC 5277) and the libraries in their data.

use netconf_proto::{
    Body, Envelope, Expect, Hello, Inventory, Limits, Notification, Reply, Rpc, Side,
};

use super::{Target, text};

/// What both ends say first.
pub(super) const HELLO: Target =
    Target { name: "netconf-hello", reads: "a <hello>", run: hello, dictionary: WORDS };

/// Requests.
pub(super) const RPC: Target =
    Target { name: "netconf-rpc", reads: "an <rpc>", run: rpc, dictionary: WORDS };

/// Replies, read for each that may be expected.
pub(super) const REPLY: Target =
    Target { name: "netconf-reply", reads: "an <rpc-reply>", run: reply, dictionary: WORDS };

/// Notifications.
pub(super) const NOTIFICATION: Target = Target {
    name: "netconf-event",
    reads: "a <notification>",
    run: notification,
    dictionary: WORDS,
};

/// Lists of modules.
pub(super) const LIBRARY: Target = Target {
    name: "netconf-library",
    reads: "the data of a YANG library",
    run: library,
    dictionary: WORDS,
};

fn hello(bytes: &[u8]) {
    let limits = Limits::default();
    for side in [Side::Client, Side::Server] {
        let Ok(hello) = Hello::decode(bytes, side, &limits) else { continue };
        let written = hello.encode();
        let back = Hello::decode(written.as_bytes(), side, &limits);
        for capability in hello.capabilities.iter() {
            let (_, _) = (capability.module(), capability.base());
        }
        assert_eq!(back, Ok(hello), "{written}");
    }
}

fn rpc(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(rpc) = Rpc::decode(bytes, &limits) else { return };
    let written = Reply::new(Body::Ok).encode(&rpc.envelope, &limits);
    let written = written.expect("what asks can be answered");
    let reply = Reply::decode(written.as_bytes(), Expect::Ok, &limits);
    assert_eq!(reply.map(|reply| reply.body), Ok(Body::Ok), "{written}");
    let Ok(request) = rpc.request else { return };
    let (operation, expects) = (request.operation(), request.expects());
    let written = request.encode("1", &limits).expect("what was read can be sent");
    let back = Rpc::decode(written.as_bytes(), &limits).expect("what was sent can be read");
    let back = back.request.expect("what was sent is a request");
    assert_eq!((back.operation(), back.expects()), (operation, expects), "{written}");
    let again = back.encode("1", &limits).expect("what was read can be sent");
    assert_eq!(again, written, "a request is written as it was");
}

fn reply(bytes: &[u8]) {
    let limits = Limits::default();
    for expect in [Expect::Ok, Expect::Data, Expect::Schema, Expect::Output] {
        let Ok(reply) = Reply::decode(bytes, expect, &limits) else { continue };
        let envelope = Envelope::of_message("1");
        let written = reply.clone().encode(&envelope, &limits).expect("what was read can be sent");
        let back = Reply::decode(written.as_bytes(), expect, &limits);
        let back = back.unwrap_or_else(|error| panic!("{error}\n{written}"));
        if !reply.warnings.is_empty() && matches!(reply.body, Body::Output(_)) {
            // Those in the wrappers of Junos stay in the output too, which no server sends.
            continue;
        }
        assert_eq!(back.warnings, reply.warnings, "{written}");
        if !matches!(back.body, Body::Data(_) | Body::Output(_)) {
            assert_eq!(back.body, reply.body, "{written}");
        }
        // What is in no namespace only says so once it is within another.
        let again = back.encode(&envelope, &limits);
        assert_eq!(again.as_ref(), Ok(&written), "a reply is written as it was");
    }
}

fn notification(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(event) = Notification::decode(bytes, &limits) else { return };
    // A time that is missing is taken from a device, and not given to a client.
    let Ok(written) = event.encode(&limits) else {
        assert!(event.event_time.is_empty());
        return;
    };
    let back = Notification::decode(written.as_bytes(), &limits);
    let back = back.unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(back.event_time, event.event_time, "{written}");
    // What is in no namespace only says so once it is within another.
    assert_eq!(back.encode(&limits).as_ref(), Ok(&written), "an event is written as it was");
}

fn library(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let limits = Limits::default();
    for inventory in Inventory::ALL {
        let Ok(Some(modules)) = inventory.read(text, &limits) else { continue };
        let written = inventory.write(&modules, "1");
        let back = inventory.read(&written, &limits);
        let back = back.unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_eq!(back, Some(modules), "{written}");
    }
}

pub(super) const WORDS: &[&str] = &[
    "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">",
    "</hello>",
    "<capabilities>",
    "<capability>",
    "</capability>",
    "urn:ietf:params:netconf:base:1.1",
    "urn:m?module=m&amp;revision=2026-01-01&amp;features=a,b",
    "<session-id>",
    "</session-id>",
    "<rpc message-id=\"1\" xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">",
    "</rpc>",
    "<get>",
    "<get-config>",
    "<edit-config>",
    "<copy-config>",
    "<delete-config>",
    "<lock>",
    "<unlock>",
    "<close-session/>",
    "<kill-session>",
    "<commit>",
    "<discard-changes/>",
    "<validate>",
    "<cancel-commit>",
    "<source>",
    "<target>",
    "<running/>",
    "<candidate/>",
    "<startup/>",
    "<url>",
    "<config>",
    "</config>",
    "<filter type=\"subtree\">",
    "<filter type=\"xpath\" select=\"/a:b\"/>",
    "<with-defaults xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">",
    "<default-operation>",
    "<test-option>",
    "<error-option>",
    "<confirmed/>",
    "<confirm-timeout>",
    "<persist>",
    "<persist-id>",
    "<get-schema xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring\">",
    "<identifier>",
    "<version>",
    "<format>",
    "<rpc-reply message-id=\"1\">",
    "</rpc-reply>",
    "<ok/>",
    "<data>",
    "</data>",
    "<rpc-error>",
    "</rpc-error>",
    "<error-type>",
    "<error-tag>",
    "<error-severity>warning</error-severity>",
    "<error-path>",
    "<error-message xml:lang=\"en\">",
    "<error-app-tag>",
    "<error-info>",
    "<bad-element>",
    "<commit-results>",
    "<eventTime>",
    "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">",
    "<yang-library xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-library\">",
    "<module-set>",
    "<module>",
    "</module>",
    "<import-only-module>",
    "<submodule>",
    "<name>",
    "</name>",
    "<namespace>",
    "</namespace>",
    "<revision>",
    "<feature>",
    "<deviation>",
    "<conformance-type>",
    "xmlns=\"\"",
    " xmlns:p=\"urn:p\"",
    "p:",
    " a=\"b\"",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x?>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<!DOCTYPE a>",
    "&amp;",
    "&#10;",
    "&#65;",
    "/>",
    ">",
    "<",
    "</",
    "\"",
    "'",
    " ",
    "\n",
    "\t",
    "\r",
    "1",
    "0",
    "x",
];
