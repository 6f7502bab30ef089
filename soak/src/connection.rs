//! A connection to the server that can misbehave.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::requests::Request;

/// The delay of a body that is sent after its head.
const LATE: Duration = Duration::from_millis(2);

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// When the body of a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyTiming {
    WithHead,
    /// 2 ms after the head.
    Late,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    pub(crate) async fn call(&mut self, request: &Request, timing: BodyTiming) -> io::Result<Response> {
        match timing {
            BodyTiming::WithHead => self.stream.write_all(&request.to_bytes()).await?,
            BodyTiming::Late => {
                self.stream.write_all(request.head.as_bytes()).await?;
                sleep(LATE).await;
                self.stream.write_all(request.body.as_bytes()).await?;
            }
        }
        self.response().await
    }

    /// Reads one response.
    pub(crate) async fn response(&mut self) -> io::Result<Response> {
        let head_end = loop {
            match self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                Some(position) => break position + 4,
                None => self.read_more().await?,
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_ascii_lowercase();
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        while self.buffer.len() < head_end + length {
            self.read_more().await?;
        }
        let body = self.buffer[head_end..head_end + length].to_vec();
        self.buffer.drain(..head_end + length);
        Ok(Response { status: status.ok_or(io::ErrorKind::InvalidData)?, body })
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}
