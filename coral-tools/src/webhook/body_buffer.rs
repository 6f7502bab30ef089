//! The part of a body that has been received.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// The received part of a body. A body in one piece, as most are, is not copied.
#[derive(Debug, Default)]
pub(super) struct BodyBuffer {
    first: Bytes,
    all: BytesMut,
}

impl BodyBuffer {
    pub(super) fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    /// Adds a piece. Returns `false` if the body is larger than `limit` with it.
    pub(super) fn push(&mut self, mut data: impl Buf, limit: usize) -> bool {
        if data.remaining() > limit - self.len() {
            return false;
        }
        if self.len() == 0 {
            // Does not copy `Bytes`.
            self.first = data.copy_to_bytes(data.remaining());
        } else {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
            self.all.put(data);
        }
        true
    }

    pub(super) fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}
