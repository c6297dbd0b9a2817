//! A leaf that may be absent, used as if it were there.

#[path = "../generated/mod.rs"]
mod generated;

fn port(input: &generated::service::SiteInput) -> &str {
    input.port.as_str()
}

fn main() {
    let _ = port;
}
