//! An HTTP exchange over a new TCP connection.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::raw_response::RawResponse;
use super::request::WireRequest;
use crate::session::call_url::Destination;

/// The largest number of headers of a response.
const MAX_HEADERS: usize = 128;

/// Sends `request` and reads the response. The error is the reason for a missing response.
pub(super) async fn exchange(request: &WireRequest, connect_timeout: Duration) -> Result<RawResponse, String> {
    let mut stream = connect(&request.destination, connect_timeout).await?;
    let (reader, mut writer) = stream.split();
    let bytes = request.to_bytes();
    let mut response_reader = ResponseReader { stream: reader, buffer: Vec::new() };
    let response = pin!(response_reader.read());
    // A server may respond before it has read the whole request.
    let sending = pin!(send(&mut writer, &bytes));
    match select(response, sending).await {
        Either::Left((response, _)) => response.map_err(|error| format!("reading the response: {error}")),
        Either::Right((never, _)) => match never {},
    }
}

async fn connect(destination: &Destination, limit: Duration) -> Result<TcpStream, String> {
    let host = destination.host.trim_start_matches('[').trim_end_matches(']');
    match tokio::time::timeout(limit, TcpStream::connect((host, destination.port))).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(format!("connecting: {error}")),
        Err(_elapsed) => Err("connecting took too long".to_owned()),
    }
}

/// Sends the request and never returns: an error shows when the response is read.
async fn send(writer: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Infallible {
    let _sent = writer.write_all(bytes).await;
    std::future::pending().await
}

/// Reads a response from a connection.
struct ResponseReader<R> {
    stream: R,
    buffer: Vec<u8>,
}

/// How the end of a body is found.
enum Framing {
    Length(usize),
    Chunked,
    UntilClose,
}

impl<R: AsyncRead + Unpin> ResponseReader<R> {
    async fn read(&mut self) -> io::Result<RawResponse> {
        // Coral takes a 1xx response for the actual one.
        let head = self.read_head().await?;
        let body = self.read_body(&head.framing).await?;
        Ok(RawResponse { status: head.status, content_type: head.content_type, body })
    }

    async fn read_head(&mut self) -> io::Result<Head> {
        loop {
            if let Some((length, head)) = Head::parse(&self.buffer)? {
                self.buffer.drain(..length);
                return Ok(head);
            }
            self.fill_buffer().await?;
        }
    }

    async fn read_body(&mut self, framing: &Framing) -> io::Result<Vec<u8>> {
        match framing {
            Framing::Length(length) => self.read_exact(*length).await,
            Framing::Chunked => self.read_chunks().await,
            Framing::UntilClose => {
                self.stream.read_to_end(&mut self.buffer).await?;
                Ok(std::mem::take(&mut self.buffer))
            }
        }
    }

    /// Reads chunks until the last one, or until the connection ends, which Coral takes for the end of the body.
    async fn read_chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        match self.read_chunks_into(&mut body).await {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
            _ => Ok(body),
        }
    }

    async fn read_chunks_into(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let size = self.read_chunk_size().await?;
            if size == 0 {
                return Ok(());
            }
            if let Err(error) = self.fill_buffer_to(size).await {
                body.append(&mut self.buffer);
                return Err(error);
            }
            body.extend(self.buffer.drain(..size));
            if self.read_exact(2).await? != b"\r\n" {
                return Err(malformed("a chunk does not end with a line break"));
            }
        }
    }

    async fn read_chunk_size(&mut self) -> io::Result<usize> {
        loop {
            match httparse::parse_chunk_size(&self.buffer) {
                Ok(httparse::Status::Complete((length, size))) => {
                    self.buffer.drain(..length);
                    return usize::try_from(size).map_err(malformed);
                }
                Ok(httparse::Status::Partial) => self.fill_buffer().await?,
                Err(_) => return Err(malformed("a chunk has no size")),
            }
        }
    }

    async fn read_exact(&mut self, length: usize) -> io::Result<Vec<u8>> {
        self.fill_buffer_to(length).await?;
        Ok(self.buffer.drain(..length).collect())
    }

    async fn fill_buffer_to(&mut self, length: usize) -> io::Result<()> {
        while self.buffer.len() < length {
            self.fill_buffer().await?;
        }
        Ok(())
    }

    /// Waits for at least one more byte.
    async fn fill_buffer(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// The parts of a response's head that are needed.
struct Head {
    status: u16,
    content_type: Option<String>,
    framing: Framing,
}

impl Head {
    /// Parses the head at the start of `bytes` and returns its length, too. `None` if it is incomplete.
    fn parse(bytes: &[u8]) -> io::Result<Option<(usize, Self)>> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(length) = response.parse(bytes).map_err(malformed)? else { return Ok(None) };
        let status = response.code.unwrap_or_default();
        let framing = framing(status, response.version == Some(0), response.headers)?;
        let content_type = header(response.headers, "Content-Type");
        Ok(Some((length, Self { status, content_type, framing })))
    }
}

/// Returns how the body ends, as Coral's HTTP client decides it.
fn framing(status: u16, is_http_1_0: bool, headers: &[httparse::Header<'_>]) -> io::Result<Framing> {
    let length = header(headers, "Content-Length");
    if status == 204 && length.as_deref().is_some_and(|length| length != "0") {
        return Err(malformed("a 204 has no body, but its Content-Length is not 0"));
    }
    if status < 200 || matches!(status, 204 | 304) {
        return Ok(Framing::Length(0));
    }
    if header(headers, "Transfer-Encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return Ok(Framing::Chunked);
    }
    let closes = || header(headers, "Connection").is_some_and(|option| option.eq_ignore_ascii_case("close"));
    match length {
        Some(length) => length.parse().map(Framing::Length).map_err(malformed),
        None if is_http_1_0 || closes() => Ok(Framing::UntilClose),
        None => Err(malformed("the response has neither a length nor chunks")),
    }
}

fn header(headers: &[httparse::Header<'_>], name: &str) -> Option<String> {
    let found = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(String::from_utf8_lossy(found.value).trim().to_owned())
}

fn malformed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::{RawResponse, ResponseReader};

    /// Reads a response that arrives in pieces of a few bytes.
    async fn read(wire: &str) -> std::io::Result<(u16, String)> {
        let (mut server, client) = tokio::io::duplex(7);
        let wire = wire.as_bytes().to_vec();
        tokio::spawn(async move { tokio::io::AsyncWriteExt::write_all(&mut server, &wire).await });
        let RawResponse { status, body, .. } = ResponseReader { stream: client, buffer: Vec::new() }.read().await?;
        Ok((status, String::from_utf8(body).expect("UTF-8")))
    }

    #[tokio::test]
    async fn bodies_end_by_length_by_chunks_or_with_the_connection() {
        for (wire, status, body) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n{\"a\"and more", 200, "{\"a\""),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
                200,
                "abc0123456789",
            ),
            ("HTTP/1.0 500 No\r\n\r\nto the end", 500, "to the end"),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end", 200, "to the end"),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 100, ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", 200, "ab"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, ""),
        ] {
            assert_eq!(read(wire).await.expect(wire), (status, body.to_owned()));
        }
    }

    #[tokio::test]
    async fn incomplete_and_malformed_responses_are_errors() {
        for wire in [
            "",
            "HTTP/1.1 200",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "HTTP/1.1 200 OK\r\n\r\nto the end",
            "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nyes",
            "SSH-2.0-OpenSSH\r\n",
        ] {
            assert!(read(wire).await.is_err(), "{wire}");
        }
    }
}
