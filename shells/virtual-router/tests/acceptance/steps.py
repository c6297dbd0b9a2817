"""Drives a simulated router with ncclient and prints one line per step.

Arguments: host, port, user, password. Any step that does not behave as RFC 6241 has it raises.
"""

import sys
import time

from lxml import etree
from ncclient import manager
from ncclient.operations import RPCError

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
LAB = "urn:weft:test:lab-router"
HOST, PORT, USER, PASSWORD = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]


def connect():
    return manager.connect(
        host=HOST, port=PORT, username=USER, password=PASSWORD, hostkey_verify=False,
        allow_agent=False, look_for_keys=False, timeout=20,
    )


def config(inner):
    return f'<config xmlns="{BASE}" xmlns:nc="{BASE}" xmlns:lab="{LAB}">{inner}</config>'


def interface(name, inner="", operation=None):
    mark = f' nc:operation="{operation}"' if operation else ""
    return config(
        f'<interfaces xmlns="{LAB}"><interface{mark}><name>{name}</name>{inner}</interface>'
        "</interfaces>"
    )


def names(reply):
    found = reply.data_ele.iter(f"{{{LAB}}}interface")
    return [one.findtext(f"{{{LAB}}}name") for one in found]


def refused(call, tag, **expected):
    try:
        call()
    except RPCError as error:
        assert error.tag == tag, (error.tag, tag, error.message)
        for key, value in expected.items():
            assert value in (getattr(error, key) or ""), (key, value, getattr(error, key))
        return error
    raise AssertionError(f"not refused with {tag}")


def running(session):
    return names(session.get_config("running"))


def hello(session):
    capabilities = set(session.server_capabilities)
    for name in ["candidate:1.0", "confirmed-commit:1.1", "validate:1.1", "startup:1.0"]:
        assert f"urn:ietf:params:netconf:capability:{name}" in capabilities, name
    assert int(session.session_id) > 0
    assert not any("writable-running" in one for one in capabilities)


def filters(session):
    whole = session.get_config("running", filter=("subtree", f'<interfaces xmlns="{LAB}"/>'))
    assert names(whole) == ["ge-0", "ge-1"], etree.tostring(whole.data_ele)
    assert whole.data_ele.find(f"{{{LAB}}}system") is None
    one = f'<interfaces xmlns="{LAB}"><interface><name>ge-1</name></interface></interfaces>'
    part = session.get_config("running", filter=("subtree", one))
    assert names(part) == ["ge-1"]
    assert part.data_ele.findtext(f".//{{{LAB}}}mtu") == "9000"
    leaf = f'<interfaces xmlns="{LAB}"><interface><mtu/></interface></interfaces>'
    mtus = session.get_config("running", filter=("subtree", leaf))
    assert [one.text for one in mtus.data_ele.iter(f"{{{LAB}}}mtu")] == ["1500", "9000"]
    assert names(mtus) == [None, None]
    nothing = session.get_config("running", filter=("subtree", '<other xmlns="urn:x"/>'))
    assert len(nothing.data_ele) == 0
    typed = session.get_config("running", filter=("subtree", f'<interfaces xmlns="{LAB}"/>'))
    kind = typed.data_ele.find(f".//{{{LAB}}}type")
    prefix, _, name = kind.text.rpartition(":")
    assert name == "tunnel" and kind.nsmap[prefix or None] == LAB, etree.tostring(kind)


def defaults(session):
    wanted = ("subtree", f'<interfaces xmlns="{LAB}"><interface><enabled/></interface></interfaces>')
    explicit = session.get_config("running", filter=wanted)
    assert len(explicit.data_ele) == 0
    everything = session.get_config("running", filter=wanted, with_defaults="report-all")
    assert [one.text for one in everything.data_ele.iter(f"{{{LAB}}}enabled")] == ["true", "true"]


def candidate(session):
    with session.locked("candidate"):
        session.edit_config(interface("ge-2", "<mtu>1400</mtu>"), target="candidate")
        assert running(session) == ["ge-0", "ge-1"]
        assert names(session.get_config("candidate")) == ["ge-0", "ge-1", "ge-2"]
        session.validate("candidate")
        session.commit()
    assert running(session) == ["ge-0", "ge-1", "ge-2"]


def operations(session):
    edit = session.edit_config
    refused(lambda: edit(interface("ge-2", operation="create"), target="candidate"), "data-exists",
            path="ge-2")
    refused(lambda: edit(interface("ge-9", operation="delete"), target="candidate"), "data-missing",
            path="ge-9")
    edit(interface("ge-9", operation="remove"), target="candidate")
    edit(interface("ge-2", "<description>d</description>", "replace"), target="candidate")
    tree = session.get_config("candidate").data_ele
    two = [one for one in tree.iter(f"{{{LAB}}}interface")
           if one.findtext(f"{{{LAB}}}name") == "ge-2"][0]
    assert two.find(f"{{{LAB}}}mtu") is None
    edit(interface("ge-2", operation="delete"), target="candidate")
    edit(interface("ge-8"), target="candidate", default_operation="merge")
    refused(lambda: edit(interface("ge-7"), target="candidate", default_operation="none"),
            "data-missing")
    session.discard_changes()
    assert names(session.get_config("candidate")) == ["ge-0", "ge-1", "ge-2"]
    edit(interface("ge-2", operation="delete"), target="candidate")
    session.commit()
    assert running(session) == ["ge-0", "ge-1"]


def errors(session):
    edit = session.edit_config
    error = refused(lambda: edit(interface("ge-0", "<mtu>9</mtu>"), target="candidate"),
                    "invalid-value", path="mtu", message="an MTU is from 68 to 9216")
    assert error.type == "application" and error.severity == "error"
    refused(lambda: edit(interface("ge-0", "<nonsense/>"), target="candidate"), "unknown-element",
            info="nonsense")
    refused(lambda: edit(config('<x xmlns="urn:nowhere"/>'), target="candidate"),
            "unknown-namespace", info="urn:nowhere")
    refused(lambda: edit(interface("ge-0", "<oper-status>up</oper-status>"), target="candidate"),
            "unknown-element")
    dangling = config(f'<routing xmlns="{LAB}"><static><prefix>::/0</prefix>'
                      "<interface>ge-77</interface></static></routing>")
    edit(dangling, target="candidate")
    refused(lambda: session.validate("candidate"), "data-missing", path="static")
    refused(session.commit, "data-missing", path="interface")
    session.discard_changes()
    incomplete = interface("ge-0", "<address><ip>::1</ip></address>")
    refused(lambda: edit(incomplete, target="candidate", test_option="test-then-set"),
            "data-missing", path="prefix-length")
    session.discard_changes()
    refused(lambda: edit(interface("ge-0"), target="running"), "unknown-element")
    refused(lambda: session.dispatch(etree.Element("{urn:nowhere}reboot")),
            "operation-not-supported")


def locks(session):
    other = connect()
    session.lock("candidate")
    error = refused(lambda: other.lock("candidate"), "lock-denied", info=session.session_id)
    assert "session-id" in error.info
    refused(lambda: other.edit_config(interface("ge-5"), target="candidate"), "in-use")
    refused(other.commit, "in-use")
    refused(lambda: other.unlock("candidate"), "operation-failed")
    session.edit_config(interface("ge-5"), target="candidate")
    session.close_session()
    # The lock ended with its session, and with it what nobody committed.
    assert names(other.get_config("candidate")) == ["ge-0", "ge-1"]
    other.lock("candidate")
    other.unlock("candidate")
    other.edit_config(interface("ge-5"), target="candidate")
    refused(lambda: other.lock("candidate"), "lock-denied")
    other.discard_changes()
    return other


def confirmed(session):
    session.edit_config(interface("ge-3"), target="candidate")
    session.commit(confirmed=True, timeout="1")
    assert running(session) == ["ge-0", "ge-1", "ge-3"]
    time.sleep(1.6)
    assert running(session) == ["ge-0", "ge-1"], "not undone when its time ran out"
    session.discard_changes()
    session.edit_config(interface("ge-3"), target="candidate")
    session.commit(confirmed=True, timeout="30")
    session.commit()
    assert running(session) == ["ge-0", "ge-1", "ge-3"]
    session.edit_config(interface("ge-3", operation="delete"), target="candidate")
    session.commit(confirmed=True, timeout="30")
    session.cancel_commit()
    assert running(session) == ["ge-0", "ge-1", "ge-3"], "not cancelled"
    session.discard_changes()
    other = connect()
    other.edit_config(interface("ge-3", operation="delete"), target="candidate")
    other.commit(confirmed=True, timeout="30")
    refused(session.commit, "in-use")
    refused(lambda: session.lock("running"), "lock-denied")
    other.close_session()
    assert running(session) == ["ge-0", "ge-1", "ge-3"], "not undone at the end of its session"
    session.discard_changes()
    other = connect()
    other.edit_config(interface("ge-3", operation="delete"), target="candidate")
    other.commit(confirmed=True, timeout="30", persist="mark")
    other.close_session()
    assert running(session) == ["ge-0", "ge-1"], "a persistent commit survives its session"
    refused(session.commit, "invalid-value")
    refused(lambda: session.commit(persist_id="wrong"), "invalid-value")
    session.commit(persist_id="mark")
    assert running(session) == ["ge-0", "ge-1"]


def copies(session):
    assert names(session.get_config("startup")) == ["ge-0", "ge-1"]
    session.edit_config(interface("ge-4"), target="candidate")
    session.commit()
    session.copy_config(source="running", target="startup")
    assert names(session.get_config("startup")) == ["ge-0", "ge-1", "ge-4"]
    session.delete_config("startup")
    assert names(session.get_config("startup")) == []
    whole = etree.fromstring(f'<source xmlns="{BASE}">{interface("ge-6")}</source>')
    session.copy_config(source=whole, target="candidate")
    assert names(session.get_config("candidate")) == ["ge-6"]
    session.discard_changes()
    session.edit_config(interface("ge-4", operation="delete"), target="candidate")
    session.commit()


def state(session):
    library = "urn:ietf:params:xml:ns:yang:ietf-yang-library"
    wanted = f'<yang-library xmlns="{library}"><module-set><module><name/></module></module-set>' \
             "</yang-library>"
    found = session.get(filter=("subtree", wanted)).data_ele
    modules = [one.text for one in found.iter(f"{{{library}}}name")]
    assert "lab-router" in modules and "ietf-yang-library" in modules, modules
    monitoring = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
    wanted = f'<netconf-state xmlns="{monitoring}"><sessions/><schemas/></netconf-state>'
    found = session.get(filter=("subtree", wanted)).data_ele
    ids = [one.text for one in found.iter(f"{{{monitoring}}}session-id")]
    assert session.session_id in ids
    assert "lab-router" in [one.text for one in found.iter(f"{{{monitoring}}}identifier")]
    assert session.get_schema("lab-router").data.startswith("module lab-router")
    refused(lambda: session.get_schema("missing"), "invalid-value")
    everything = session.get().data_ele
    assert everything.find(f"{{{LAB}}}interfaces") is not None
    assert everything.find(f"{{{library}}}modules-state") is not None


def kill(session):
    victim = connect()
    victim.lock("candidate")
    session.kill_session(victim.session_id)
    deadline = time.time() + 5
    while victim.connected and time.time() < deadline:
        time.sleep(0.05)
    assert not victim.connected, "still connected after it was killed"
    session.lock("candidate")
    session.unlock("candidate")
    refused(lambda: session.kill_session("4000000000"), "invalid-value")
    refused(lambda: session.kill_session(session.session_id), "invalid-value")


session = connect()
steps = [
    hello, filters, defaults, candidate, operations, errors, locks, confirmed, copies, state, kill,
]
for step in steps:
    began = time.time()
    session = step(session) or session
    print(f"{step.__name__} {1000 * (time.time() - began):.0f} ms", flush=True)
session.close_session()
