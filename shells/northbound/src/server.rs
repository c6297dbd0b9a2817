//! The listener: what is served where, from start to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::middleware;
use axum::response::Response;
use axum::routing::{any, get, post};
use restconf_proto::{Library, LibraryError, Problem};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::{Access, Config};
use crate::listener::Bounded;
use crate::{api, guard, inspect, metrics, news, page, reply, restconf};

/// Why a listener cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No tokens, and not on loopback.
    #[error("{0} is not loopback: a listener that others can reach needs tokens")]
    Open(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The server cannot describe itself.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// A listener that serves.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// How much longer than its wait for devices a connection may be silent.
const IDLE_SLACK: Duration = Duration::from_secs(1);
/// How long requests under way may take to end when the server stops.
const STOP_GRACE: Duration = Duration::from_secs(5);

impl Server {
    /// Takes no more requests, answers those under way, and ends. Who waits for devices is
    /// answered at once.
    pub async fn shutdown(mut self) {
        // An error means that it has ended already.
        let _ = self.stop.send(true);
        if tokio::time::timeout(STOP_GRACE, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

/// Starts to serve. Must be called within a tokio runtime.
///
/// # Errors
/// When the address cannot be had, or others could reach a listener without tokens.
pub async fn serve(config: Config) -> Result<Server, ServeError> {
    let wanted = config.listen;
    if matches!(config.access, Access::Open) && !wanted.ip().is_loopback() {
        return Err(ServeError::Open(wanted));
    }
    let failed = |source| ServeError::Listen { address: wanted, source };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;

    let limits = config.limits.clone();
    // A write that waits for its devices is silent meanwhile.
    let idle_max = limits.idle_max.max(limits.devices_patience + IDLE_SLACK);
    let listener = Bounded::new(listener, limits.connections_max, idle_max);
    let (stop, stopping) = watch::channel(false);
    let datastore = config.controller.system().layer_schema(0).map(Arc::clone);
    let datastore = datastore.expect("a controller's system has a layer 0");
    let library = Library::new(&datastore)?;
    let app = Arc::new(App::new(config, library, stopping.clone()));
    let history = Arc::clone(&app.history).follow(app.config.controller.clone());
    let router = router(app);
    let task = tokio::spawn(async move {
        // It follows the controller for as long as the listener serves.
        let following = tokio::spawn(history);
        let mut stopping = stopping;
        let stopped = async move {
            // A dropped handle stops it as well.
            let _ = stopping.wait_for(|stops| *stops).await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the HTTP listener has stopped");
        }
        following.abort();
    });
    tracing::info!(%address, "serving HTTP");
    Ok(Server { address, stop, task })
}

fn router(app: Arc<App>) -> Router {
    page::routes(Router::new())
        .route("/.well-known/host-meta", get(restconf::host_meta))
        .route("/restconf", get(restconf::root))
        .route("/restconf/yang-library-version", get(restconf::library_version))
        .route("/restconf/operations", get(restconf::operations))
        .route("/restconf/operations/{operation}", any(restconf::operation))
        .route("/restconf/data", any(restconf::data))
        .route("/restconf/data/", any(restconf::data))
        .route("/restconf/data/{*path}", any(restconf::data))
        .route("/layer/{layer}", get(inspect::layer))
        .route("/device", get(inspect::devices))
        .route("/device/{name}/resync", any(inspect::resync))
        .route("/device/{name}/q/{item}", get(inspect::queue_item))
        .route("/device/{name}/q/{item}/set_approval", post(inspect::set_approval))
        .route("/config-queue", get(inspect::config_queue))
        .route("/device/{name}/{part}", get(inspect::device))
        .route("/api/v1/health", get(api::health))
        .route("/api/v1/status", get(api::status))
        .route("/api/v1/devices", get(api::devices))
        .route("/api/v1/devices/{name}", get(api::device))
        .route("/api/v1/topology", get(api::topology))
        .route("/api/v1/commits", get(api::commits))
        .route("/api/v1/commits/{generation}", get(api::commit))
        .route("/api/v1/commits/{generation}/devices", get(news::commit_devices))
        .route("/api/v1/news", get(news::news))
        .route("/api/v1/explain", get(api::explain))
        .route("/metrics", get(metrics::report))
        .route("/openapi.json", get(page::openapi))
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}

async fn nothing(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let message = "nothing here; see /openapi.json for what there is";
    let problem = Problem::protocol(404, "invalid-value", message);
    reply::problems(&headers, app.schema(), &[problem])
}
