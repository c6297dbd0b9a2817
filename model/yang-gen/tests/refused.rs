//! What must not compile: each file in `refused` is refused for the reason it states, in the words
//! of the compiler beside it (`TRYBUILD=overwrite` writes them anew).

#[test]
fn mistakes_do_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/refused/right.rs");
    cases.compile_fail("tests/refused/missing_*.rs");
    cases.compile_fail("tests/refused/optional_*.rs");
    cases.compile_fail("tests/refused/wrong_*.rs");
}
