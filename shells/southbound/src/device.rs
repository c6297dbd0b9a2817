//! The task of one device: from the first attempt to reach it until it is released.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use orchestrator::{DeviceAccess, DeviceReport, Permission, Target};
use rand::rngs::StdRng;
use russh::ChannelStream;
use russh::client::Msg;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval_at, timeout};
use tracing::{Instrument as _, debug, info, info_span};
use vocab::{DeviceFacts, DeviceName, Generation};
use yang_data::Branch;

use crate::config::Config;
use crate::discover;
use crate::error::SouthboundError;
use crate::host_keys::HostKeys;
use crate::model::{DeviceModel, Models};
use crate::push::{Push, Pushed, read_running};
use crate::session::Session;
use crate::southbound::Reported;
use crate::ssh::{Connection, Peer};

/// What all tasks share.
pub(crate) struct Context {
    pub(crate) config: Config,
    pub(crate) models: Models,
    pub(crate) host_keys: Arc<dyn HostKeys>,
    pub(crate) reports: mpsc::Sender<Reported>,
}

/// One device.
pub(crate) struct Device {
    pub(crate) name: DeviceName,
    pub(crate) context: Arc<Context>,
    /// The newest target. It ends when the device is released.
    pub(crate) targets: watch::Receiver<Arc<Target>>,
    pub(crate) random: StdRng,
    /// Modules that were reported last. A target worked out for others is not sent.
    pub(crate) facts: Option<DeviceFacts>,
    /// Failed attempts in a row.
    pub(crate) failures: u32,
    /// What was reported last, so that a device that stays away is reported once per reason.
    pub(crate) reason: Option<String>,
}

/// Why a session's service ended.
enum End {
    /// The device is in the intent no more, or the process stops.
    Released,
    /// It is to be reached in another way.
    AccessChanged,
    /// The session is lost.
    Lost(SouthboundError),
}

/// The part of a session that changes.
struct Serving {
    model: Arc<DeviceModel>,
    /// What the device held when it was asked last.
    running: Branch,
    /// The generation whose target was settled, one way or the other, and the permission it was
    /// settled with.
    settled: Option<(Generation, Permission)>,
    /// The device was busy: since when, how often, and whether that was reported.
    busy: Option<Busy>,
}

struct Busy {
    since: Instant,
    attempts: u32,
    is_reported: bool,
    retry_at: tokio::time::Instant,
}

impl Device {
    /// Serves the device until it is released, or nobody listens any more.
    pub(crate) async fn run(mut self) {
        while !self.context.reports.is_closed() {
            let access = self.targets.borrow_and_update().access.clone();
            let end = match self.connect(&access).await {
                Ok(connected) => self.session(connected, &access).await,
                Err(end) => end,
            };
            match end {
                End::Released => return,
                End::AccessChanged => {
                    self.report_lost("it is to be reached in another way").await;
                    self.failures = 0;
                }
                End::Lost(error) => {
                    self.report_lost(&error.to_string()).await;
                    if self.pause(&access).await.is_none() {
                        return;
                    }
                }
            }
        }
    }

    async fn connect(&mut self, access: &DeviceAccess) -> Result<Connection, End> {
        let context = Arc::clone(&self.context);
        let name = self.name.clone();
        let peer =
            Peer { name: &name, access, config: &context.config, host_keys: &context.host_keys };
        tokio::select! {
            connected = Connection::open(peer) => connected.map_err(End::Lost),
            end = self.access_changed(access) => Err(end),
        }
    }

    /// One session, from its hello to its end.
    async fn session(&mut self, mut connection: Connection, access: &DeviceAccess) -> End {
        let span = info_span!("session", device = %self.name, id = tracing::field::Empty);
        let end = self.established(&mut connection, access).instrument(span).await;
        connection.close().await;
        end.unwrap_or_else(End::Lost)
    }

    async fn established(
        &mut self,
        connection: &mut Connection,
        access: &DeviceAccess,
    ) -> Result<End, SouthboundError> {
        let context = Arc::clone(&self.context);
        let config = &context.config;
        let model = context.models.find(&access.device_type)?;
        let stream: &mut ChannelStream<Msg> = &mut connection.stream;
        let mut session = Session::establish(stream, config).await?;
        tracing::Span::current().record("id", session.id.value());
        debug!(address = connection.address, "established");
        let modules = discover::modules(&mut session, config).await?;
        let running = read_running(&mut session, &model, config).await?;
        let mut serving = Serving { model, running, settled: None, busy: None };
        if !self.introduce(access, modules, &mut serving).await {
            return Ok(End::Released);
        }
        self.failures = 0;
        self.reason = None;
        info!("in session");
        let end = self.serve(&mut session, &mut serving, access).await?;
        // Whoever leaves on purpose says so.
        session.close(config.timeouts.other).await;
        Ok(end)
    }

    /// Reports a new session. `false` when nobody listens any more.
    async fn introduce(
        &mut self,
        access: &DeviceAccess,
        modules: std::collections::BTreeMap<String, vocab::ModuleFacts>,
        serving: &mut Serving,
    ) -> bool {
        let facts = DeviceFacts {
            name: self.name.clone(),
            device_type: access.device_type.clone(),
            modules,
        };
        if self.facts.as_ref().is_some_and(|before| *before != facts) {
            // The target at hand was worked out for other modules: the next one is not.
            serving.settled = Some(key(&self.targets.borrow_and_update()));
        }
        self.facts = Some(facts.clone());
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let time_unix_ms = u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX);
        self.report(DeviceReport::Connected { facts, time_unix_ms }).await
            && self.report_holds(serving, None).await
    }

    async fn serve(
        &mut self,
        session: &mut Session<&mut ChannelStream<Msg>>,
        serving: &mut Serving,
        access: &DeviceAccess,
    ) -> Result<End, SouthboundError> {
        let period = self.context.config.poll_interval;
        let mut poll = interval_at(tokio::time::Instant::now() + period, period);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let target = Arc::clone(&self.targets.borrow_and_update());
            if target.access != *access {
                return Ok(End::AccessChanged);
            }
            if !self.settle(session, serving, &target).await? {
                return Ok(End::Released);
            }
            let retry_at = serving.busy.as_ref().map(|busy| busy.retry_at);
            tokio::select! {
                changed = self.targets.changed() => match changed {
                    // Driven again: also with the same generation, the device is looked at anew.
                    Ok(()) => (serving.settled, serving.busy) = (None, None),
                    Err(_) => return Ok(End::Released),
                },
                _ = poll.tick() => {
                    if !self.poll(session, serving).await? {
                        return Ok(End::Released);
                    }
                }
                () = sleep_until(retry_at) => {}
                error = session.watch() => return Err(error),
            }
        }
    }

    /// Sends the target unless it was settled, or a pause for a busy device runs. `false` when
    /// nobody listens any more.
    async fn settle(
        &mut self,
        session: &mut Session<&mut ChannelStream<Msg>>,
        serving: &mut Serving,
        target: &Target,
    ) -> Result<bool, SouthboundError> {
        let Some(wanted) = &target.target else { return Ok(true) };
        let waits =
            serving.busy.as_ref().is_some_and(|busy| busy.retry_at > tokio::time::Instant::now());
        if serving.settled == Some(key(target)) || waits {
            return Ok(true);
        }
        let generation = target.generation;
        let config = &self.context.config;
        let only_from = match &target.permission {
            Permission::Free => None,
            Permission::If(txid) => Some(&**txid),
            Permission::Hold => {
                let running = read_running(session, &serving.model, config).await?;
                return Ok(self.held_back(serving, target, &wanted.config, running).await);
            }
        };
        let push = Push { session, model: &serving.model, config, only_from };
        let began = Instant::now();
        let pushed = push.run(&wanted.config).await?;
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match pushed {
            Pushed::Held => {
                info!(%generation, took_ms, "holds its target");
                (serving.settled, serving.busy) = (Some(key(target)), None);
                serving.running = wanted.config.clone();
                Ok(self.report_holds(serving, Some(generation)).await)
            }
            Pushed::Rejected(errors) => {
                info!(%generation, took_ms, errors = errors.len(), "refused its target");
                (serving.settled, serving.busy) = (Some(key(target)), None);
                Ok(self.report(DeviceReport::Rejected { generation, errors }).await)
            }
            Pushed::Changed(running) => {
                info!(%generation, took_ms, "not what it was when the change was approved");
                (serving.settled, serving.busy) = (Some(key(target)), None);
                serving.running = running;
                Ok(self.report_holds(serving, None).await)
            }
            Pushed::Busy(errors) => Ok(self.busy(serving, generation, errors).await),
        }
    }

    /// Tells what a device holds that must not be changed. `false` when nobody listens any more.
    async fn held_back(
        &mut self,
        serving: &mut Serving,
        target: &Target,
        wanted: &Branch,
        running: Branch,
    ) -> bool {
        (serving.settled, serving.busy) = (Some(key(target)), None);
        let is_there = serving.model.same(&running, wanted);
        // Where only defaults tell them apart, it holds its target.
        serving.running = if is_there { wanted.clone() } else { running };
        self.report_holds(serving, is_there.then_some(target.generation)).await
    }

    /// Plans the next attempt at a device that somebody else works on.
    async fn busy(
        &mut self,
        serving: &mut Serving,
        generation: Generation,
        errors: Vec<String>,
    ) -> bool {
        let config = &self.context.config;
        let now = Instant::now();
        let busy = serving.busy.get_or_insert(Busy {
            since: now,
            attempts: 0,
            is_reported: false,
            retry_at: now.into(),
        });
        let pause = config.busy.pause(busy.attempts, &mut self.random);
        debug!(%generation, ?pause, "busy");
        busy.attempts += 1;
        busy.retry_at = tokio::time::Instant::now() + pause;
        let is_due = !busy.is_reported && now - busy.since >= config.busy_reported_after;
        if !is_due {
            return true;
        }
        busy.is_reported = true;
        self.report(DeviceReport::Rejected { generation, errors }).await
    }

    /// Looks whether somebody else changed the device. `false` when nobody listens any more.
    async fn poll(
        &mut self,
        session: &mut Session<&mut ChannelStream<Msg>>,
        serving: &mut Serving,
    ) -> Result<bool, SouthboundError> {
        let running = read_running(session, &serving.model, &self.context.config).await?;
        if serving.model.same(&running, &serving.running) {
            return Ok(true);
        }
        info!("changed by somebody else");
        serving.running = running;
        Ok(self.report_holds(serving, None).await)
    }

    async fn report_holds(&mut self, serving: &Serving, generation: Option<Generation>) -> bool {
        let running = serving.running.clone();
        self.report(DeviceReport::Holds { running, generation }).await
    }

    async fn report_lost(&mut self, reason: &str) {
        if self.reason.as_deref() == Some(reason) {
            return;
        }
        info!(device = %self.name, reason, "not in session");
        self.reason = Some(reason.to_owned());
        self.report(DeviceReport::Disconnected { reason: reason.to_owned() }).await;
    }

    /// Waits for room where reports go: this device waits then, no other, and no caller. `false`
    /// when nobody listens any more.
    async fn report(&self, report: DeviceReport) -> bool {
        let reported = Reported { name: self.name.clone(), report };
        self.context.reports.send(reported).await.is_ok()
    }

    /// Waits before the next attempt, or until the device is to be reached in another way. `None`
    /// when it is released.
    async fn pause(&mut self, access: &DeviceAccess) -> Option<()> {
        let pause = self.context.config.reconnect.pause(self.failures, &mut self.random);
        self.failures = self.failures.saturating_add(1);
        match timeout(pause, self.access_changed(access)).await {
            Ok(End::Released) => None,
            Ok(End::AccessChanged | End::Lost(_)) => {
                self.failures = 0;
                Some(())
            }
            Err(_) => Some(()),
        }
    }

    /// Waits until the device is released or to be reached in another way than `access`.
    async fn access_changed(&mut self, access: &DeviceAccess) -> End {
        loop {
            if self.targets.changed().await.is_err() {
                return End::Released;
            }
            if self.targets.borrow_and_update().access != *access {
                return End::AccessChanged;
            }
        }
    }
}

/// What has to be settled anew when it is another.
fn key(target: &Target) -> (Generation, Permission) {
    (target.generation, target.permission.clone())
}

async fn sleep_until(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
