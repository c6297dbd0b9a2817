//! What users type: curl against the listener.

use std::process::{Command, Stdio};

use crate::world::{SECRET, World};

/// Runs curl with the usual token; `None` where there is no curl.
async fn curl(world: &World, arguments: &[&str], path: &str) -> Option<String> {
    let url = format!("http://{}{path}", world.address);
    let token = format!("Authorization: Bearer {SECRET}");
    let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
    let run = move || {
        let mut command = Command::new("curl");
        command.args(["-sS", "-m", "30", "-w", " %{http_code}", "-H", &token]);
        command.args(arguments).arg(url).stderr(Stdio::inherit()).output()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap().ok()?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_usual_calls_work() {
    let world = World::new().await;
    let routers = "<data><shop xmlns=\"urn:shop\"><router><name>a</name><id>1</id></router></shop>\
                   </data>";
    let xml = "Content-Type: application/yang-data+xml";
    let load = curl(&world, &["-X", "PATCH", "-H", xml, "-d", routers], "/restconf/data").await;
    let Some(load) = load else {
        println!("skipped: no curl");
        return;
    };
    assert_eq!(load, " 204");
    let router = "/restconf/data/shop:shop/router=a";
    let read = curl(&world, &[], router).await.unwrap();
    assert_eq!(read, r#"{"shop:router":[{"name":"a","id":1}]} 200"#);
    let head = curl(&world, &["-I"], router).await.unwrap();
    assert!(head.contains("etag: \"1\"") && head.ends_with(" 200"), "{head}");
    let json = "Content-Type: application/yang-data+json";
    let large = format!("@{}", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    let put = curl(&world, &["-X", "PUT", "-H", json, "-d", &large], router).await.unwrap();
    assert!(put.ends_with(" 400"), "{put}");
    let delete = curl(&world, &["-X", "DELETE", "-i"], router).await.unwrap();
    assert!(delete.starts_with("HTTP/1.1 204") && delete.contains("weft-generation: 2"));
    let form = curl(&world, &["-d", "a=b"], "/restconf/data").await.unwrap();
    assert!(form.ends_with(" 415"), "{form}");
}
