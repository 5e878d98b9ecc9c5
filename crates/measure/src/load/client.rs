//! The client: sends each request when its time has come, and notes how it ended.
//!
//! A thread of its own watches the clock, because tokio's timers are a millisecond coarse; it passes
//! what is due to one thread that does all the talking. Two threads are enough for tens of thousands
//! of requests a second, and leave the other cores to the server.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, LocalSet, spawn_local};
use tokio::time::timeout;

use super::{Arrivals, Counts, LoadError, Outcome, Request};

/// Requests that wait for an answer at one time. Each takes a connection, and a process may usually
/// open 1,024 files.
const MOST_WAITING: usize = 512;
/// How often to look whether the caller has had enough.
const LOOK: Duration = Duration::from_millis(20);

type Connection = SendRequest<Full<Bytes>>;

/// A client, its connections, and what ends it.
pub struct Client {
    runtime: Runtime,
    tasks: LocalSet,
    shared: Rc<Shared>,
    stop: Arc<AtomicBool>,
}

struct Shared {
    request: Request,
    patience: Duration,
    /// Open connections that nobody waits for; the last used is the first to be used again.
    idle: RefCell<Vec<Connection>>,
}

/// How one request ended.
#[derive(Clone, Copy)]
enum End {
    Status(u16),
    TimedOut,
    Refused,
    Closed,
    Failed,
}

impl Client {
    /// A client that sends `request`, waits for an answer for `patience`, and ends early once `stop`
    /// is set.
    ///
    /// # Errors
    ///
    /// If the system gives us nothing to wait for sockets with.
    pub fn new(
        request: Request,
        patience: Duration,
        stop: Arc<AtomicBool>,
    ) -> Result<Client, LoadError> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let shared = Rc::new(Shared { request, patience, idle: RefCell::default() });
        Ok(Client { runtime, tasks: LocalSet::new(), shared, stop })
    }

    /// Whether the caller has had enough.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// How long it waits for an answer.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.shared.patience
    }

    /// Sends the requests when they are due, and waits for their ends.
    pub fn run(&self, arrivals: Arrivals) -> Outcome {
        let outcome = Rc::new(RefCell::new(Outcome::new(arrivals.rate())));
        self.tasks.block_on(&self.runtime, self.send(arrivals, Rc::clone(&outcome)));
        // Tasks that were ended early are dropped by now, so that nobody else holds it.
        outcome.take_or_clone()
    }

    /// Sends requests one after the other, each when the one before has ended.
    pub fn probe(&self, count: u64) -> Outcome {
        let mut outcome = Outcome::new(0.0);
        let begun = Instant::now();
        self.tasks.block_on(&self.runtime, async {
            for _ in 0..count {
                let due = Instant::now();
                let end = Rc::clone(&self.shared).send().await;
                outcome.note(end, due);
                if self.is_stopped() || matches!(end, End::TimedOut) {
                    break;
                }
            }
        });
        outcome.seconds = begun.elapsed().as_secs_f64();
        outcome
    }

    async fn send(&self, arrivals: Arrivals, outcome: Rc<RefCell<Outcome>>) {
        let (sender, mut due) = unbounded_channel();
        let begun = Instant::now();
        let stop = Arc::clone(&self.stop);
        let clock = thread::spawn(move || watch_clock(arrivals, begun, &sender, &stop));
        let mut waiting = JoinSet::new();
        while let Some(due) = due.recv().await {
            while waiting.try_join_next().is_some() {}
            outcome.borrow_mut().note_lag(due.elapsed());
            if waiting.len() >= MOST_WAITING {
                outcome.borrow_mut().counts.held_back += 1;
                continue;
            }
            let (shared, outcome) = (Rc::clone(&self.shared), Rc::clone(&outcome));
            waiting.spawn_local(async move {
                let end = shared.send().await;
                outcome.borrow_mut().note(end, due);
            });
        }
        while !waiting.is_empty() && !self.is_stopped() {
            // Nothing, or a request that has noted its own end.
            let _ = timeout(LOOK, waiting.join_next()).await;
        }
        while waiting.try_join_next().is_some() {}
        outcome.borrow_mut().counts.unfinished = waiting.len() as u64;
        waiting.shutdown().await;
        // It has ended, or nothing would have closed the channel; a panic of ours has been printed.
        let _ = clock.join();
        let mut outcome = outcome.borrow_mut();
        outcome.seconds = begun.elapsed().as_secs_f64();
    }
}

/// Takes what is in a shared cell, which is copied if somebody else still looks at it.
trait TakeOrClone<T> {
    fn take_or_clone(self) -> T;
}

impl<T: Clone> TakeOrClone<T> for Rc<RefCell<T>> {
    fn take_or_clone(self) -> T {
        Rc::try_unwrap(self).map_or_else(|shared| shared.borrow().clone(), RefCell::into_inner)
    }
}

/// Passes each request on when it is due.
fn watch_clock(
    arrivals: Arrivals,
    begun: Instant,
    sender: &UnboundedSender<Instant>,
    stop: &AtomicBool,
) {
    for request in 0..arrivals.count() {
        let due = begun + arrivals.due(request);
        loop {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            thread::sleep(left.min(LOOK));
        }
        if sender.send(due).is_err() {
            return;
        }
    }
}

impl Shared {
    async fn send(self: Rc<Self>) -> End {
        timeout(self.patience, self.try_send()).await.unwrap_or(End::TimedOut)
    }

    async fn try_send(&self) -> End {
        let mut message = self.request.message();
        loop {
            let idle = self.idle.borrow_mut().pop();
            let is_new = idle.is_none();
            let mut connection = match idle {
                Some(connection) => connection,
                None => match self.connect().await {
                    Ok(connection) => connection,
                    Err(end) => return end,
                },
            };
            // One that the server has closed while it was idle says so here.
            if connection.ready().await.is_err() && !is_new {
                continue;
            }
            match connection.try_send_request(message).await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let mut body = answer.into_body();
                    while let Some(frame) = body.frame().await {
                        if frame.is_err() {
                            return End::Closed;
                        }
                    }
                    if !connection.is_closed() {
                        self.idle.borrow_mut().push(connection);
                    }
                    return End::Status(status);
                }
                Err(mut error) => match error.take_message() {
                    // It was never sent, so that sending it again does nothing twice.
                    Some(unsent) if !is_new => message = unsent,
                    _ => {
                        let error = error.into_error();
                        let is_strange = error.is_parse();
                        return if is_strange { End::Failed } else { End::Closed };
                    }
                },
            }
        }
    }

    async fn connect(&self) -> Result<Connection, End> {
        let stream = match TcpStream::connect(self.request.address).await {
            Ok(stream) => stream,
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                return Err(End::Refused);
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Err(End::Closed),
            Err(_) => return Err(End::Failed),
        };
        // Else the system may wait for more to send, which is not what is measured.
        let _ = stream.set_nodelay(true);
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|_| End::Closed)?;
        // What goes wrong with the connection is said to the request that waits for it.
        spawn_local(async move { drop(connection.await) });
        Ok(sender)
    }
}

impl Outcome {
    fn note(&mut self, end: End, due: Instant) {
        let Counts { answered, client_errors, server_errors, .. } = &mut self.counts;
        match end {
            End::Status(..400) => {
                *answered += 1;
                self.note_latency(due.elapsed());
            }
            End::Status(400..500) => *client_errors += 1,
            End::Status(_) => *server_errors += 1,
            End::TimedOut => self.counts.timed_out += 1,
            End::Refused => self.counts.refused += 1,
            End::Closed => self.counts.closed += 1,
            End::Failed => self.counts.failed += 1,
        }
    }
}
