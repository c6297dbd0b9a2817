//! A simulated router as a whole: its listener, its handle.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use netconf_proto::{Datastore, DefaultOperation};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, broadcast, watch};
use tracing::{Instrument as _, debug, info_span};
use yang_data::Branch;

use crate::codec;
use crate::config::RouterConfig;
use crate::cut::{CutSender, Cuttable};
use crate::error::RouterError;
use crate::event::Event;
use crate::faults::Faults;
use crate::host_key;
use crate::model::RouterModel;
use crate::operations::Operations;
use crate::ssh::{Accounts, Connection, server_config};

/// Events kept for a subscriber that does not take them; then it loses the oldest.
const EVENTS_MAX: usize = 1_024;

/// A running simulated router. It stops when the handle is dropped.
pub struct VirtualRouter {
    shared: Arc<Shared>,
    address: SocketAddr,
    listener: tokio::task::JoinHandle<()>,
}

/// What the tasks of a router share.
pub(crate) struct Shared {
    pub(crate) config: RouterConfig,
    pub(crate) accounts: Accounts,
    operations: Mutex<Operations>,
    ssh: Mutex<Arc<russh::server::Config>>,
    events: broadcast::Sender<Event>,
    /// The deadline of the datastores may have changed.
    rescheduled: Notify,
    /// Cuts every connection there is; a new one takes its place then.
    cut_all: Mutex<CutSender>,
}

impl VirtualRouter {
    /// Starts a router.
    ///
    /// # Errors
    /// [`RouterError`] for a start configuration that is not valid, keys that cannot be read or
    /// made, and an address that cannot be listened on.
    pub async fn start(config: RouterConfig) -> Result<Self, RouterError> {
        let violations = config.model.validator().validate(&config.startup);
        if !violations.is_empty() {
            let reasons = violations.iter().map(ToString::to_string).collect();
            return Err(RouterError::Invalid { router: config.name, reasons });
        }
        let key = host_key::obtain(&config.host_key)?;
        let accounts = Accounts::new(&config.users)?;
        let (listener, address) = listen(&config).await?;
        let operations = Operations::new(Arc::clone(&config.model), config.startup.clone());
        let shared = Arc::new(Shared {
            accounts,
            operations: Mutex::new(operations),
            ssh: Mutex::new(server_config(key)),
            events: broadcast::channel(EVENTS_MAX).0,
            rescheduled: Notify::new(),
            cut_all: Mutex::new(watch::channel(false).0),
            config,
        });
        let span = info_span!("virtual-router", name = shared.config.name);
        let task = serve(Arc::clone(&shared), listener).instrument(span);
        Ok(Self { shared, address, listener: tokio::spawn(task) })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.shared.config.name
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it shares with others of its type.
    #[must_use]
    pub fn model(&self) -> &Arc<RouterModel> {
        self.shared.model()
    }

    /// The running configuration. Cheap: a snapshot.
    #[must_use]
    pub fn running(&self) -> Branch {
        self.shared.change(|operations| operations.datastores.read(Datastore::Running))
    }

    /// The running configuration as XML.
    #[must_use]
    pub fn running_xml(&self) -> String {
        codec::write_config(self.shared.model(), &self.running(), None)
    }

    /// What happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.shared.events.subscribe()
    }

    /// Number of sessions.
    #[must_use]
    pub fn session_count(&self) -> usize {
        self.shared.change(|operations| operations.sessions.len())
    }

    /// Changes the running configuration as somebody at its console would: by the content of a
    /// `<config>` as edit-config takes it. Locks do not count.
    ///
    /// # Errors
    /// [`RouterError::BadEdit`] with all reasons; nothing has changed then.
    pub fn change_out_of_band(&self, edit: &str) -> Result<(), RouterError> {
        let model = self.shared.model();
        self.shared.change(|operations| {
            let before = operations.datastores.read(Datastore::Running);
            let after = codec::read_edit(model, edit, None::<DefaultOperation>)
                .and_then(|edit| codec::apply(model, &before, &edit))
                .and_then(|after| codec::validate(model, &before, &after).map(|()| after));
            let after = after.map_err(|errors| {
                let reasons = errors.iter().map(ToString::to_string).collect();
                RouterError::BadEdit { reasons }
            })?;
            operations.datastores.change_out_of_band(after);
            Ok(())
        })
    }

    /// The faults in force, with what is left of their counts.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.shared.change(|operations| operations.faults.clone())
    }

    /// Switches faults on and off; the ones before are gone.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.change(|operations| operations.faults = faults);
    }

    /// Cuts every connection, without a word of the protocol.
    pub fn cut_connections(&self) {
        let cut_all = std::mem::replace(&mut *lock(&self.shared.cut_all), watch::channel(false).0);
        cut_all.send_replace(true);
    }

    /// Takes another host key for connections to come.
    ///
    /// # Errors
    /// [`RouterError::HostKey`], [`RouterError::HostKeyFile`].
    pub fn reset_host_key(&self) -> Result<(), RouterError> {
        let key = host_key::replace(&self.shared.config.host_key)?;
        *lock(&self.shared.ssh) = server_config(key);
        self.shared.tell(Event::HostKeyReset);
        Ok(())
    }
}

/// A router that is dropped is switched off: no listener, no sessions.
impl Drop for VirtualRouter {
    fn drop(&mut self) {
        self.listener.abort();
        self.cut_connections();
    }
}

impl std::fmt::Debug for VirtualRouter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualRouter")
            .field("name", &self.name())
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn model(&self) -> &Arc<RouterModel> {
        &self.config.model
    }

    /// Looks at the inside, or changes it; what happened by that is told.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Operations) -> T) -> T {
        let (result, events) = {
            let mut operations = lock(&self.operations);
            (change(&mut operations), operations.take_events())
        };
        if !events.is_empty() {
            self.rescheduled.notify_one();
        }
        events.into_iter().for_each(|event| self.tell(event));
        result
    }

    pub(crate) fn tell(&self, event: Event) {
        // Without subscribers there is nobody to tell.
        drop(self.events.send(event));
    }

    fn deadline(&self) -> Option<Instant> {
        lock(&self.operations).datastores.poll_timeout()
    }
}

/// The value behind a mutex. A session that panicked under it left it as it was before or after
/// one change, both of which others can go on from.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(config: &RouterConfig) -> Result<(TcpListener, SocketAddr), RouterError> {
    let fault = |source| RouterError::Listen {
        router: config.name.clone(),
        address: config.listen,
        source,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    Ok((listener, address))
}

/// Takes connections, and lets time run out for commits that nobody confirms.
async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let slots = Arc::new(Semaphore::new(shared.config.connections_max));
    loop {
        let deadline = shared.deadline();
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => accept(&shared, &slots, stream, peer),
                Err(error) => {
                    // Out of file descriptors, as a rule: others may close some.
                    debug!(%error, "cannot accept");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            },
            () = shared.rescheduled.notified() => {}
            () = sleep_until(deadline) => {
                shared.change(|operations| operations.datastores.handle_timeout(Instant::now()));
            }
        }
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

fn accept(shared: &Arc<Shared>, slots: &Arc<Semaphore>, stream: TcpStream, peer: SocketAddr) {
    let Ok(slot) = Arc::clone(slots).try_acquire_owned() else {
        debug!(%peer, "too many connections");
        return;
    };
    let config = Arc::clone(&lock(&shared.ssh));
    let (cut, is_cut) = watch::channel(false);
    let cut_all = lock(&shared.cut_all).subscribe();
    let stream = Cuttable::new(stream, vec![is_cut, cut_all]);
    let connection = Connection::new(Arc::clone(shared), peer.ip().to_string(), cut);
    tokio::spawn(async move {
        let ended = match russh::server::run_stream(config, stream, connection).await {
            Ok(running) => running.await,
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            debug!(%peer, %error, "connection ended");
        }
        drop(slot);
    });
}
