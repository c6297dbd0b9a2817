//! YANG Patch (RFC 8072).

use restconf_proto::Format;
use restconf_proto::patch::{Patch, status_failed, status_ok, status_refused};

use super::data::{check_tree, xml_of};
use super::{Target, first_line, text};
use crate::model::MODEL;

/// Patches in JSON: what they make is a sound tree, and the same each time.
pub(super) const JSON: Target = Target {
    name: "yang-patch-json",
    reads: "a line with the path of a resource, then a YANG Patch in JSON",
    run: |bytes| patch(bytes, Format::Json),
    dictionary: &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"ietf-yang-patch:yang-patch\":",
        "\"patch-id\":",
        "\"comment\":",
        "\"edit\":",
        "\"edit-id\":",
        "\"operation\":",
        "\"target\":",
        "\"insert\":",
        "\"point\":",
        "\"where\":",
        "\"value\":",
        "\"create\"",
        "\"delete\"",
        "\"insert\"",
        "\"merge\"",
        "\"move\"",
        "\"replace\"",
        "\"remove\"",
        "\"before\"",
        "\"after\"",
        "\"first\"",
        "\"last\"",
        "\"/\"",
        "\"/zoo:zoo\"",
        "\"/animal=auk\"",
        "\"/tour=Ann%2C%20B.,8\"",
        "\"/route=gate\"",
        "\"zoo:animal\":",
        "\"zoo:tour\":",
        "\"name\":",
        "\"guide\":",
        "\"hour\":",
        "\"zoo:route\":",
        "zoo:zoo\n",
        "\n",
    ],
};

/// The same in XML.
pub(super) const XML: Target = Target {
    name: "yang-patch-xml",
    reads: "a line with the path of a resource, then a YANG Patch in XML",
    run: |bytes| patch(bytes, Format::Xml),
    dictionary: &[
        "<yang-patch xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-patch\">",
        "</yang-patch>",
        "<patch-id>",
        "</patch-id>",
        "<comment>",
        "<edit>",
        "</edit>",
        "<edit-id>",
        "</edit-id>",
        "<operation>",
        "</operation>",
        "<target>",
        "</target>",
        "<insert>",
        "<point>",
        "<where>",
        "<value>",
        "</value>",
        "create",
        "delete",
        "insert",
        "merge",
        "move",
        "replace",
        "remove",
        "before",
        "after",
        "/zoo:zoo",
        "/animal=auk",
        "/tour=Ann%2C%20B.,8",
        "/route=gate",
        "<animal xmlns=\"urn:weft:zoo\">",
        "</animal>",
        "<name>",
        "</name>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "xmlns:z=\"urn:weft:zoo\"",
        "zoo:zoo\n",
        "\n",
        "\r",
        "\u{1}",
    ],
};

fn patch(bytes: &[u8], format: Format) {
    let Some(text) = text(bytes) else { return };
    let (base, text) = first_line(text);
    let schema = MODEL.schema();
    let patch = match Patch::parse(format, text) {
        Ok(patch) => patch,
        Err(problems) => {
            assert!(!problems.is_empty());
            status_refused(format, schema, "none", &problems);
            return;
        }
    };
    assert_eq!(Patch::parse(format, text).as_ref(), Ok(&patch));
    status_ok(format, &patch.id);
    match patch.apply(&MODEL.types, &MODEL.tree, base) {
        Ok(tree) => {
            check_tree(&tree);
            let again = patch.apply(&MODEL.types, &MODEL.tree, base);
            assert!(again.is_ok_and(|again| again.root() == tree.root()), "{}", xml_of(&tree));
        }
        Err(failed) => {
            assert!(!failed.problems.is_empty());
            status_failed(format, schema, &patch.id, &failed);
        }
    }
}
