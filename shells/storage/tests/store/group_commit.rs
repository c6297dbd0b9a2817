//! Many callers share a flush; a full queue pushes back.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use storage::{Error, LogRecord, Options, Store, Write};

use crate::{draft, open};

const THREADS: u64 = 32;
const PER_THREAD: u64 = 40;

#[test]
fn thirty_two_threads_share_flushes() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let started = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                let mut before = 0;
                for n in 0..PER_THREAD {
                    let payload = format!("{thread} {n}");
                    let receipt = store.append_draft(draft(payload.clone())).unwrap();
                    let generation = receipt.head.generation;
                    assert!(generation > before, "a caller's writes keep their order");
                    before = generation;
                    // Told means durable, and readable by anyone.
                    let read = store.record(generation).unwrap().unwrap();
                    assert_eq!((read.payload, read.hash), (payload.into(), receipt.head.hash));
                }
            });
        }
    });
    let metrics = store.metrics();
    let rate = (THREADS * PER_THREAD) as f64 / started.elapsed().as_secs_f64();
    println!(
        "{THREADS} threads: {rate:.0} commits/s, {} records in {} flushes, p50 {:?} p99 {:?}",
        metrics.records,
        metrics.batches,
        metrics.commit.percentile(50),
        metrics.commit.percentile(99),
    );
    assert_eq!(metrics.records, THREADS * PER_THREAD);
    assert_eq!(metrics.commit.count, metrics.batches);
    assert!(metrics.batches * 2 < metrics.records, "{metrics:?}");
    assert_eq!(store.verify_log().unwrap().generation, THREADS * PER_THREAD);
}

#[test]
fn chained_records_are_pipelined() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let mut head = store.head();
    let mut tickets = Vec::new();
    for n in 0..300 {
        let record = LogRecord::after(head, draft(format!("{n}")));
        head = record.head();
        tickets.push(store.submit(Write::new().append(record)).unwrap());
    }
    for (generation, ticket) in (1..).zip(tickets) {
        assert_eq!(ticket.wait().unwrap().head.generation, generation);
    }
    assert_eq!(store.verify_log().unwrap(), head);
    assert!(store.metrics().batches < 100, "{:?}", store.metrics());
}

/// Fills the queue behind a callback that holds the writer up.
fn stalled(store: &Store, writes: usize) -> Arc<AtomicBool> {
    let go = Arc::new(AtomicBool::new(false));
    let (entered, waited) = (Arc::new(AtomicBool::new(false)), Arc::clone(&go));
    let seen = Arc::clone(&entered);
    let hold = move |_| {
        entered.store(true, Ordering::SeqCst);
        while !waited.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    store.try_submit_then(Write::new(), hold).unwrap();
    while !seen.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(1));
    }
    for _ in 0..writes {
        store.try_submit_then(Write::new().append_draft(draft("x")), |_| ()).unwrap();
    }
    go
}

#[test]
fn a_full_queue_hands_back_or_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options { queue_writes_max: 4, ..Options::default() };
    let store = Store::open(directory.path(), &options).unwrap();
    let go = stalled(&store, 4);

    let write = Write::new().append_draft(draft("y"));
    let called = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&called);
    let refused = store
        .try_submit_then(write.clone(), move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        })
        .unwrap_err();
    assert!(matches!(refused.error, Error::Busy { waiting: 4, .. }), "{refused}");
    assert_eq!(refused.write, write);
    assert!(matches!(store.try_submit(write.clone()).unwrap_err().error, Error::Busy { .. }));
    assert_eq!(store.metrics().writes_busy, 2);

    let is_in = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let ticket = store.submit(write).unwrap();
            is_in.store(true, Ordering::SeqCst);
            ticket.wait().unwrap()
        });
        std::thread::sleep(Duration::from_millis(50));
        assert!(!is_in.load(Ordering::SeqCst), "submit waits for room");
        go.store(true, Ordering::SeqCst);
        assert_eq!(waiting.join().unwrap().head.generation, 5);
    });
    assert_eq!(called.load(Ordering::SeqCst), 0, "who got the write back is not called");
}

#[test]
fn the_queue_is_bounded_in_bytes_too() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options { queue_bytes_max: 1_000_000, ..Options::default() };
    let store = Store::open(directory.path(), &options).unwrap();
    let go = stalled(&store, 0);
    let large = Write::new().append_draft(draft(vec![0; 3_000_000]));
    let ticket = store.try_submit(large).unwrap();
    let refused = store.try_submit(Write::new().append_draft(draft("x"))).unwrap_err();
    assert!(matches!(refused.error, Error::Busy { waiting: 1, .. }), "{refused}");
    go.store(true, Ordering::SeqCst);
    ticket.wait().unwrap();
}

#[test]
fn a_blocked_caller_learns_that_the_store_closed() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options { queue_writes_max: 1, ..Options::default() };
    let store = Store::open(directory.path(), &options).unwrap();
    let go = stalled(&store, 1);
    std::thread::scope(|scope| {
        let blocked = scope.spawn(|| store.append_draft(draft("x")));
        std::thread::sleep(Duration::from_millis(30));
        let closing = scope.spawn(|| store.close());
        assert!(matches!(blocked.join().unwrap(), Err(Error::Closed)));
        go.store(true, Ordering::SeqCst);
        closing.join().unwrap().unwrap();
    });
    assert_eq!(open(directory.path()).head().generation, 1);
}

/// Wakes the thread that polls.
struct Unpark(std::thread::Thread, Mutex<u32>);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        *self.1.lock().unwrap() += 1;
        self.0.unpark();
    }
}

#[test]
fn a_ticket_is_a_future() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let go = stalled(&store, 0);
    let mut ticket = Box::pin(store.try_submit(Write::new().append_draft(draft("x"))).unwrap());
    let unpark = Arc::new(Unpark(std::thread::current(), Mutex::default()));
    let waker = Waker::from(Arc::clone(&unpark));
    let mut context = Context::from_waker(&waker);
    assert!(ticket.as_mut().poll(&mut context).is_pending());
    go.store(true, Ordering::SeqCst);
    while *unpark.1.lock().unwrap() == 0 {
        std::thread::park_timeout(Duration::from_secs(5));
    }
    let Poll::Ready(Ok(receipt)) = ticket.as_mut().poll(&mut context) else {
        panic!("woken before it was done");
    };
    assert_eq!(receipt.head.generation, 1);
}
