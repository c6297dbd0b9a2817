//! A connection that can be cut from inside, as if the cable were pulled.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// Cuts one connection, or all that share it.
pub(crate) type CutSender = watch::Sender<bool>;

type Cut = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A TCP connection that ends with an error once it is cut.
pub(crate) struct Cuttable {
    stream: TcpStream,
    cuts: Vec<Cut>,
    is_cut: bool,
}

impl Cuttable {
    /// `cuts`: either of these cuts the connection, when it becomes true.
    pub(crate) fn new(stream: TcpStream, cuts: Vec<watch::Receiver<bool>>) -> Self {
        let cuts = cuts.into_iter().map(|mut cut| -> Cut {
            Box::pin(async move {
                if cut.wait_for(|cut| *cut).await.is_err() {
                    // Nobody is left who could cut it.
                    std::future::pending::<()>().await;
                }
            })
        });
        Self { stream, cuts: cuts.collect(), is_cut: false }
    }

    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        self.is_cut |= self.cuts.iter_mut().any(|cut| cut.as_mut().poll(cx).is_ready());
        match self.is_cut {
            true => {
                self.cuts.clear();
                Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut"))
            }
            false => Ok(()),
        }
    }
}

impl AsyncRead for Cuttable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Cuttable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
