use std::sync::Arc;
use std::time::Instant;
use yang_data::{Origin, Path, Tree, Types};
mod generated;
use generated::{router, service};
#[test]
fn speed() {
    let types = Types::new(service::schema());
    let mut tree = Tree::new(Arc::clone(types.schema()));
    for (p, v) in [("number","7"),("role","service:hub"),("power","2.5"),("enabled","false"),("passive",""),("limit","7"),("type","10g"),("uplink","b"),("mtu","1400"),("port","x")] {
        let path = Path::parse(&types, &format!("/service:network/site[name='a']/{p}")).unwrap();
        let value = types.parse_leaf(path.steps().last().unwrap().node, v).unwrap();
        tree.set(&path, value, Origin::NONE);
    }
    let site = Path::parse(&types, "/service:network/site[name='a']").unwrap();
    let branch = tree.branch(&site).unwrap();
    for _ in 0..3 {
        let start = Instant::now();
        for _ in 0..200_000 { std::hint::black_box(service::SiteInput::from_branch(branch).unwrap()); }
        println!("decode {:?}", start.elapsed() / 200_000);
        let start = Instant::now();
        for _ in 0..50_000 {
            let mut root = router::Root::new();
            root.system().host_name("r1");
            let i = root.interfaces().interface("eth0");
            i.kind(router::types::Kind::Ethernet).admin_state(router::types::State::Up).rtr_mtu(1500).default(true).ven_mtu(7);
            i.ipv4("192.0.2.1", 24).secondary("192.0.2.9");
            std::hint::black_box(root.into_branch(Origin(1)));
        }
        println!("build {:?}", start.elapsed() / 50_000);
        let start = Instant::now();
        let mut root = router::Root::new();
        for n in 0..100_000 { root.interfaces().interface(format!("eth{n}")).rtr_mtu(1500); }
        let b = root.into_branch(Origin(1));
        println!("100k entries {:?}", start.elapsed());
        drop(b);
    }
}
