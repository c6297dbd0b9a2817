//! A NETCONF server that others wrote: Debian's netconfd behind OpenSSH.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::{Lab, quick};
use orchestrator::{DeviceAccess, DeviceReport};
use southbound::Config;
use yang::{Compiler, Options, Schema};

const NETCONFD: &str = "/usr/sbin/netconfd";
const SUBSYSTEM: &str = "/usr/sbin/netconf-subsystem";
const SSHD: &str = "/usr/sbin/sshd";
const MODULES: &str = "/usr/share/yuma/modules";

/// netconfd and sshd of one test, and the login made for it. All go with the value.
struct Netconfd {
    children: Vec<Child>,
    user: String,
    port: u16,
    _dir: tempfile::TempDir,
}

impl Netconfd {
    /// `None` where it cannot run: the programs lack, or this is not root, who alone makes logins.
    fn start() -> Option<Self> {
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
        if !is_root || ![NETCONFD, SUBSYSTEM, SSHD].iter().all(|file| Path::new(file).exists()) {
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        run("chmod", &["755", dir.path().to_str().unwrap()]);
        let user = format!("weft{}", std::process::id());
        run("useradd", &["-M", "-s", "/bin/sh", &user]);
        let mut netconfd = Self { children: Vec::new(), user, port: free_port(), _dir: dir };
        netconfd.start_servers();
        Some(netconfd)
    }

    fn start_servers(&mut self) {
        let Self { user, port, .. } = &*self;
        let (user, port) = (user.clone(), *port);
        run("sh", &["-c", &format!("echo {user}:{user} | chpasswd")]);
        let dir = self._dir.path().to_owned();
        let file = |name: &str| dir.join(name).to_str().unwrap().to_owned();
        let (socket, key) = (file("ncx.sock"), file("hostkey"));
        run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", &key]);
        std::fs::create_dir_all("/run/sshd").unwrap();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {key}\nPidFile {}\nUsePAM no\n\
             PasswordAuthentication yes\n\
             Subsystem netconf \"{SUBSYSTEM} --ncxserver-sockname={port}@{socket}\"\n",
            file("sshd.pid")
        );
        std::fs::write(file("sshd_config"), config).unwrap();
        self.spawn(
            Command::new(NETCONFD)
                .arg("--no-startup")
                .arg(format!("--superuser={user}"))
                .args(["--module=iana-if-type", "--module=ietf-interfaces"])
                .arg(format!("--modpath={MODULES}"))
                .arg(format!("--ncxserver-sockname={socket}"))
                .arg(format!("--port={port}"))
                .arg(format!("--log={}", file("netconfd.log")))
                .current_dir(&dir),
        );
        wait(|| Path::new(&socket).exists());
        run("chmod", &["777", &socket]);
        self.spawn(Command::new(SSHD).args(["-D", "-f", &file("sshd_config")]));
        wait(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    }

    fn spawn(&mut self, command: &mut Command) {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.children.push(command.spawn().unwrap());
    }

    fn access(&self) -> DeviceAccess {
        DeviceAccess {
            device_type: "lab-router".to_owned(),
            addresses: vec![("127.0.0.1".to_owned(), Some(self.port))],
            username: self.user.clone(),
            password: Some(self.user.clone()),
            ..DeviceAccess::default()
        }
    }
}

impl Drop for Netconfd {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            drop(child.kill());
            drop(child.wait());
        }
        // Sessions that end by themselves may hold the login for a moment.
        for _ in 0..50 {
            let gone = Command::new("userdel").args(["-f", &self.user]).output();
            if gone.is_ok_and(|gone| gone.status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        eprintln!("login {} is still there", self.user);
    }
}

/// ietf-interfaces as netconfd has it.
fn schema() -> Arc<Schema> {
    let mut compiler = Compiler::new(Options::default());
    for (name, implemented) in
        [("ietf-interfaces", true), ("iana-if-type", true), ("ietf-yang-types", false)]
    {
        let path = module_file(name);
        let text = std::fs::read_to_string(&path).unwrap();
        match implemented {
            true => compiler.add(&path.to_string_lossy(), text),
            false => compiler.add_import_only(&path.to_string_lossy(), text),
        }
    }
    let compiled = compiler.compile();
    let diagnostics: Vec<_> = compiled.diagnostics.iter().map(ToString::to_string).collect();
    Arc::new(compiled.schema.unwrap_or_else(|| panic!("{}", diagnostics.join("\n"))))
}

fn module_file(name: &str) -> PathBuf {
    let mut folders = vec![PathBuf::from(MODULES)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            // The folder `nmda` has newer versions, which netconfd does not load by itself.
            if path.is_dir() && file != "nmda" {
                folders.push(path);
            } else if file == format!("{name}.yang") || file.starts_with(&format!("{name}@")) {
                found.push(path);
            }
        }
    }
    found.sort();
    found.pop().unwrap_or_else(|| panic!("no {name} below {MODULES}"))
}

fn interfaces(entries: &[(&str, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(name, inside)| format!("<interface><name>{name}</name>{inside}</interface>"))
        .collect();
    format!(
        "<interfaces xmlns='urn:ietf:params:xml:ns:yang:ietf-interfaces' \
         xmlns:t='urn:ietf:params:xml:ns:yang:iana-if-type'>{entries}</interfaces>"
    )
}

const ETHERNET: &str = "<type>t:ethernetCsmacd</type>";

#[tokio::test(flavor = "multi_thread")]
async fn netconfd_is_driven_refuses_and_is_watched() {
    let Some(device) = Netconfd::start() else {
        println!("skipped: no netconfd with sshd, or not root");
        return;
    };
    let poll_interval = Duration::from_millis(500);
    let mut lab = Lab::with_schema(Config { poll_interval, ..quick() }, schema());
    lab.drive(&device.access(), 1, None);
    let facts = lab
        .until(|report| match report {
            DeviceReport::Connected { facts, .. } => Some(facts.clone()),
            DeviceReport::Disconnected { reason } => panic!("{reason}"),
            _ => None,
        })
        .await;
    println!("netconfd has {} modules", facts.modules.len());
    assert_eq!(
        facts.modules["ietf-interfaces"].namespace,
        "urn:ietf:params:xml:ns:yang:ietf-interfaces"
    );
    let DeviceReport::Holds { running, generation: None } = lab.next().await else { panic!() };
    assert!(running.is_empty(), "{running:?}");

    // Created, changed, taken away; what is explicit and equals the default is no difference.
    let described = format!("{ETHERNET}<description>to \"b\" &amp; c</description>");
    let disabled = format!("{ETHERNET}<enabled>false</enabled>");
    let enabled = format!("{ETHERNET}<enabled>true</enabled>");
    let targets = [
        interfaces(&[("eth1", &described), ("eth2", &disabled)]),
        interfaces(&[("eth1", ETHERNET), ("eth2", &enabled), ("eth3", ETHERNET)]),
        interfaces(&[("eth3", ETHERNET)]),
        String::new(),
        interfaces(&[("eth4", ETHERNET)]),
    ];
    for (generation, wanted) in (2..).zip(&targets) {
        let began = Instant::now();
        lab.drive(&device.access(), generation, Some(wanted));
        let report = lab.next().await;
        let DeviceReport::Holds { generation: Some(held), .. } = &report else {
            panic!("{report:?}")
        };
        assert_eq!(held.0, generation);
        println!("generation {generation} took {:?}", began.elapsed());
    }

    // A mandatory leaf lacks: the device says so, with the path, and keeps what it has.
    lab.drive(&device.access(), 20, Some(&interfaces(&[("eth5", "")])));
    let errors = lab.until_rejected(20).await;
    println!("refused: {errors}");
    assert!(errors.contains("eth5"), "{errors}");

    // Somebody else changes it, and it is put right.
    let mut other = Lab::with_schema(quick(), schema());
    other.drive(&device.access(), 1, Some(&interfaces(&[("eth9", ETHERNET)])));
    other.until_held(1).await;
    let DeviceReport::Holds { running, generation: None } = lab.next().await else { panic!() };
    assert_eq!(running, crate::support::branch(&lab.schema, &interfaces(&[("eth9", ETHERNET)])));
    lab.drive(&device.access(), 21, Some(&interfaces(&[("eth4", ETHERNET)])));
    lab.until_held(21).await;

    lab.southbound.shutdown().await;
    other.southbound.shutdown().await;
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn wait(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !done() {
        assert!(Instant::now() < deadline, "not within 10 s");
        std::thread::sleep(Duration::from_millis(20));
    }
}
