//! Bodies of requests: read within bounds, and decoded where nobody waits for it.
//!
//! A small body is decoded where it was read. A large one would keep one of the few threads that
//! serve everybody busy for seconds, so it is decoded on a thread of its own, a few at once; and
//! all large bodies together take a bounded part of the memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _, to_bytes};
use restconf_proto::Problem;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::config::Limits;

/// Bytes up to which a body is small: decoded within a millisecond or so.
const SMALL_BYTES_MAX: usize = 64 << 10;
/// Bytes that one permit for memory stands for.
const BLOCK_BYTES: usize = 64 << 10;

/// Room for bodies.
#[derive(Debug)]
pub(crate) struct Bodies {
    bytes_max: usize,
    patience: Duration,
    blocks: Arc<Semaphore>,
    decoders: Arc<Semaphore>,
}

/// A body as it came, with its room in memory.
#[derive(Debug)]
pub(crate) struct Text {
    text: String,
    /// Of a large body; free again when this is dropped.
    _room: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    pub(crate) fn new(limits: &Limits) -> Self {
        // A body as large as is allowed finds room when it is alone.
        let bytes = limits.bodies_bytes_max.max(limits.body_bytes_max);
        let blocks = bytes.div_ceil(BLOCK_BYTES).min(Semaphore::MAX_PERMITS);
        let decoders = limits.decoders_max.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            bytes_max: limits.body_bytes_max,
            patience: limits.body_patience,
            blocks: Arc::new(Semaphore::new(blocks)),
            decoders: Arc::new(Semaphore::new(decoders)),
        }
    }

    /// Reads a body.
    pub(crate) async fn read(&self, body: Body) -> Result<Text, Problem> {
        let told = body.size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
        let room = self.room(told).await?;
        let Ok(read) = timeout(self.patience, to_bytes(body, self.bytes_max)).await else {
            let message = format!("the body did not arrive within {:?}", self.patience);
            return Err(Problem::protocol(408, "operation-failed", message));
        };
        // The only other reason is a connection that broke: nobody reads that answer.
        let bytes = read.map_err(|error| self.too_big(&error.to_string()))?;
        let text = String::from_utf8(bytes.into()).map_err(|error| {
            let message = format!("the body is no UTF-8: {error}");
            Problem::protocol(400, "malformed-message", message)
        })?;
        Ok(Text { text, _room: room })
    }

    /// Room for a body that may become large. One that does not tell its size may become as large
    /// as is allowed.
    async fn room(&self, told: Option<usize>) -> Result<Option<OwnedSemaphorePermit>, Problem> {
        let bytes = told.unwrap_or(self.bytes_max);
        if bytes > self.bytes_max {
            return Err(self.too_big("it is larger"));
        }
        if bytes <= SMALL_BYTES_MAX {
            return Ok(None);
        }
        let blocks = u32::try_from(bytes.div_ceil(BLOCK_BYTES)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.blocks).acquire_many_owned(blocks);
        let room = timeout(self.patience, room).await.map_err(|_| busy())?;
        Ok(Some(room.map_err(|_| busy())?))
    }

    fn too_big(&self, what: &str) -> Problem {
        let message = format!("a body of {} bytes at most: {what}", self.bytes_max);
        Problem::protocol(413, "too-big", message)
    }

    /// Does work that takes the longer the larger a body is, beside the tasks that serve others
    /// when it is large.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        text: &Arc<Text>,
        work: impl FnOnce(&str) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        if text.text.len() <= SMALL_BYTES_MAX {
            return Ok(work(&text.text));
        }
        // No wait is without end: those before work on bodies of bounded size.
        let turn = Arc::clone(&self.decoders).acquire_owned().await.map_err(|_| busy())?;
        let text = Arc::clone(text);
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&text.text);
            drop(turn);
            done
        });
        done.await.map_err(|error| {
            let message = format!("the request could not be worked on: {error}");
            Problem::protocol(500, "operation-failed", message)
        })
    }
}

impl Text {
    /// Whether it came with room of its own in memory.
    #[cfg(test)]
    fn is_large(&self) -> bool {
        self._room.is_some()
    }
}

fn busy() -> Problem {
    Problem::protocol(503, "resource-denied", "too many large requests at once: try again")
}

#[cfg(test)]
mod tests {

    use super::*;

    fn bodies() -> Bodies {
        Bodies::new(&Limits {
            body_bytes_max: 1 << 20,
            bodies_bytes_max: 1 << 20,
            decoders_max: 1,
            body_patience: Duration::from_millis(50),
            ..Limits::default()
        })
    }

    #[tokio::test]
    async fn a_small_body_takes_no_room_and_is_worked_on_in_place() {
        let bodies = bodies();
        let text = Arc::new(bodies.read(Body::from("x")).await.unwrap());
        assert!(!text.is_large());
        let here = std::thread::current().id();
        let there = bodies.work(&text, |_| std::thread::current().id()).await.unwrap();
        assert_eq!(here, there);
    }

    #[tokio::test]
    async fn a_large_body_is_worked_on_elsewhere() {
        let bodies = bodies();
        let large = "x".repeat(SMALL_BYTES_MAX + 1);
        let text = Arc::new(bodies.read(Body::from(large)).await.unwrap());
        assert!(text.is_large());
        let here = std::thread::current().id();
        let there = bodies.work(&text, |_| std::thread::current().id()).await.unwrap();
        assert_ne!(here, there);
    }

    #[tokio::test]
    async fn large_bodies_find_no_room_beyond_the_bound() {
        let bodies = bodies();
        let first = bodies.read(Body::from("x".repeat(700 << 10))).await.unwrap();
        let refused = bodies.read(Body::from("x".repeat(700 << 10))).await.unwrap_err();
        assert_eq!(refused.status, 503);
        bodies.read(Body::from("x".repeat(100))).await.unwrap();
        drop(first);
        bodies.read(Body::from("x".repeat(700 << 10))).await.unwrap();
    }

    #[tokio::test]
    async fn one_that_is_too_large_is_refused_before_it_is_read() {
        let refused = bodies().read(Body::from("x".repeat(2 << 20))).await.unwrap_err();
        assert_eq!(refused.status, 413);
    }

    #[tokio::test]
    async fn work_that_panics_is_an_answer() {
        let bodies = bodies();
        let text = Arc::new(bodies.read(Body::from("x".repeat(100 << 10))).await.unwrap());
        let failed = bodies.work(&text, |_| assert_eq!(1, 2)).await.unwrap_err();
        assert_eq!(failed.status, 500);
        bodies.work(&text, str::len).await.unwrap();
    }
}
