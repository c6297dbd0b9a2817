//! What a build script does: models from the disk, results to the disk.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their data, and panic when they fail"
)]

use std::fs;
use std::path::Path;

use yang_gen::Generator;

#[test]
fn files_are_read_and_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("files");
    fs::create_dir_all(&folder).unwrap();
    let network = || {
        Generator::new()
            .layer("service", [root.join("tests/fixture/service.yang")])
            .importing([root.join("../../schemas")])
            .layer(
                "resource",
                [root.join("tests/fixture/resource.yang"), root.join("../../schemas/weft.yang")],
            )
            .device("router", [root.join("tests/fixture/router.yang")])
            .only(["/router:system"])
    };
    let generated = network().write_to(&folder).unwrap();
    let names: Vec<_> = generated.iter().map(|unit| unit.module.as_str()).collect();
    assert_eq!(names, ["service", "resource", "router"]);
    for unit in &generated {
        let written = fs::read_to_string(folder.join(format!("{}.rs", unit.module))).unwrap();
        assert_eq!(written, unit.text);
        let schema = fs::read(folder.join(format!("{}.schema", unit.module))).unwrap();
        assert!(yang::Schema::from_bytes(&schema).is_ok());
    }
    let modules = fs::read_to_string(folder.join("network.rs")).unwrap();
    assert_eq!(modules.matches("pub mod ").count(), 3);
    assert!(modules.contains("include!(concat!(env!(\"OUT_DIR\"), \"/router.rs\"));"));

    let error = network().device("x", ["no/such/folder"]).write_to(&folder).unwrap_err();
    assert!(error.to_string().starts_with("no/such/folder: "), "{error}");
}
