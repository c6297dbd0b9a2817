//! Models from the disk, results to the disk: the part that a build script runs.
#![expect(clippy::disallowed_methods, reason = "runs in build scripts, which are made of files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

use yang::{FeatureSet, Lenient, Severity};

use super::{GenerateError, Generated, Models, Purpose, Unit, generate};

/// Collects what a network consists of, then generates it. See the [crate] for an example.
#[derive(Clone, Debug, Default)]
pub struct Generator {
    units: Vec<Files>,
}

/// A unit whose models are still on the disk.
#[derive(Clone, Debug)]
struct Files {
    unit: Unit,
    models: Vec<PathBuf>,
    imported: Vec<PathBuf>,
}

impl Generator {
    /// A network without layers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a layer, the top one first. `models` are `.yang` files, and folders of which every
    /// `.yang` file counts; relative ones start at the folder of the package.
    #[must_use]
    pub fn layer<P: AsRef<Path>>(self, name: &str, models: impl IntoIterator<Item = P>) -> Self {
        self.unit(name, Purpose::Layer, models)
    }

    /// Adds a device type, with models as for [`Generator::layer`].
    #[must_use]
    pub fn device<P: AsRef<Path>>(self, name: &str, models: impl IntoIterator<Item = P>) -> Self {
        self.unit(name, Purpose::Device, models)
    }

    fn unit<P: AsRef<Path>>(
        mut self,
        name: &str,
        purpose: Purpose,
        models: impl IntoIterator<Item = P>,
    ) -> Self {
        let unit = Unit { name: name.to_owned(), purpose, models: Models::default() };
        let models = models.into_iter().map(|path| path.as_ref().to_owned()).collect();
        self.units.push(Files { unit, models, imported: Vec::new() });
        self
    }

    /// Models that the layer or device type added last only imports from: their own data nodes
    /// do not count.
    #[must_use]
    pub fn importing<P: AsRef<Path>>(mut self, models: impl IntoIterator<Item = P>) -> Self {
        let models = models.into_iter().map(|path| path.as_ref().to_owned());
        self.last().imported.extend(models);
        self
    }

    /// What is tolerated in the models of the layer or device type added last.
    #[must_use]
    pub fn lenient(mut self, lenient: Lenient) -> Self {
        self.last().unit.models.options.lenient = lenient;
        self
    }

    /// Which features the layer or device type added last has; all of them when not called.
    #[must_use]
    pub fn features(mut self, features: FeatureSet) -> Self {
        self.last().unit.models.options.features = features;
        self
    }

    /// Which nodes of the layer or device type added last get builders, with all below them:
    /// paths such as `/ietf-interfaces:interfaces`. All of them when not called.
    #[must_use]
    pub fn only<'p>(mut self, paths: impl IntoIterator<Item = &'p str>) -> Self {
        self.last().unit.models.only.extend(paths.into_iter().map(str::to_owned));
        self
    }

    fn last(&mut self) -> &mut Files {
        self.units.last_mut().expect("a build script names a layer before it says more about it")
    }

    /// Generates into the folder that Cargo gives to build scripts, and tells Cargo which files
    /// to watch. When something is wrong, prints all of it and ends the build.
    pub fn run(self) {
        let Some(folder) = env::var_os("OUT_DIR") else {
            print_errors(["OUT_DIR is not set: call this in a build script".to_owned()]);
        };
        for path in self.units.iter().flat_map(|unit| unit.models.iter().chain(&unit.imported)) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        println!("cargo::rerun-if-changed=build.rs");
        match self.write_to(Path::new(&folder)) {
            Ok(generated) => {
                for warning in generated.iter().flat_map(|unit| &unit.warnings) {
                    debug_assert_eq!(warning.severity, Severity::Warning);
                    println!("cargo::warning={warning}");
                }
            }
            Err(error) => print_errors(error.lines()),
        }
    }

    /// Generates into a folder: a `.rs` and a `.schema` file for each layer and device type, and
    /// `network.rs` with a module for each.
    ///
    /// # Errors
    /// Everything wrong with the models, and files that cannot be read or written.
    pub fn write_to(self, folder: &Path) -> Result<Vec<Generated>, GenerateError> {
        let mut error = GenerateError::default();
        let units: Vec<_> = self.units.into_iter().map(|unit| unit.load(&mut error)).collect();
        if !error.is_empty() {
            return Err(error);
        }
        let generated = generate(&units, &|module| {
            format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{module}.schema\"))")
        })?;
        for unit in &generated {
            write(&folder.join(format!("{}.rs", unit.module)), unit.text.as_bytes(), &mut error);
            write(&folder.join(format!("{}.schema", unit.module)), &unit.schema, &mut error);
        }
        write(&folder.join("network.rs"), modules(&units).as_bytes(), &mut error);
        if error.is_empty() { Ok(generated) } else { Err(error) }
    }
}

impl Files {
    fn load(mut self, error: &mut GenerateError) -> Unit {
        self.unit.models.texts = texts(&self.models, error);
        self.unit.models.imported = texts(&self.imported, error);
        self.unit
    }
}

/// The module for each file, under the lints that generated code cannot heed: names come from
/// YANG.
fn modules(units: &[Unit]) -> String {
    let module = |unit: &Unit| {
        let (module, name) = (unit.module(), &unit.name);
        let what = match unit.purpose {
            Purpose::Layer => "layer",
            Purpose::Device => "device type",
        };
        format!(
            "/// The {what} `{name}`.\n\
             #[allow({LINTS})]\n\
             pub mod {module} {{\n    \
             include!(concat!(env!(\"OUT_DIR\"), \"/{module}.rs\"));\n}}\n"
        )
    };
    units.iter().map(module).collect::<Vec<_>>().join("\n")
}

/// Lints that names and shapes of YANG models break, and what a network does not use of them.
const LINTS: &str = "dead_code, non_snake_case, unreachable_pub, unused_imports, \
     clippy::enum_variant_names, clippy::module_inception, \
     clippy::needless_pass_by_value, clippy::should_implement_trait, \
     clippy::too_many_arguments, clippy::useless_conversion, clippy::wrong_self_convention, \
     rustdoc::all";

fn print_errors(lines: impl IntoIterator<Item = String>) -> ! {
    for line in lines {
        println!("cargo::error={line}");
    }
    process::exit(1);
}

/// Name and text of all files named, and of those in folders named; each file once.
fn texts(paths: &[PathBuf], error: &mut GenerateError) -> Vec<(String, String)> {
    let mut files = BTreeSet::new();
    for path in paths {
        match yang_files(path) {
            Ok(found) => files.extend(found),
            Err(cause) => error.setup.push(format!("{}: {cause}", path.display())),
        }
    }
    let mut texts = Vec::new();
    for file in files {
        match fs::read_to_string(&file) {
            Ok(text) => texts.push((file.display().to_string(), text)),
            Err(cause) => error.setup.push(format!("{}: {cause}", file.display())),
        }
    }
    texts
}

fn yang_files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "yang") {
            files.push(file);
        }
    }
    Ok(files)
}

fn write(path: &Path, content: &[u8], error: &mut GenerateError) {
    if let Err(cause) = fs::write(path, content) {
        error.setup.push(format!("{}: {cause}", path.display()));
    }
}
