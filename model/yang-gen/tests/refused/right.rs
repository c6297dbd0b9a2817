//! What the other files do, done right.

#[path = "../generated/mod.rs"]
mod generated;

use generated::router::types::{Kind, State};
use generated::service::Transforms;

fn port(input: &generated::service::SiteInput) -> &str {
    input.port.as_deref().unwrap_or("none")
}

fn main() {
    let _ = port;
    let mut root = generated::router::Root::new();
    root.system().host_name("r1");
    root.acl("in", State::Up);
    let interface = root.interfaces().interface("eth0");
    interface.rtr_mtu(1500).admin_state(State::Down).kind(Kind::Loopback);
    interface.ipv4("192.0.2.1", 24);
    let _ = Transforms {
        network: |_, _| Ok(()),
        site: |_, _| Ok(None),
        circuit: |_, _| Ok(()),
    };
}
