//! The items of an array.

use super::{ArgumentValue, ExpectedNode, TextReader, ensure, not_allowed};
use crate::schema::read::value::type_error::TypeError;
use crate::schema::tree::node::{ArrayItems, ArraySchema, NodeKind, SchemaNode};

/// The items of an array, which are compared with their nodes and counted.
pub(in crate::schema::read::value) struct TextItems<'a, 's, 'de> {
    reader: &'a mut TextReader<'s, 'de>,
    /// `None` if any value is allowed.
    array: Option<&'s ArraySchema>,
    /// The node of the next item.
    item: ExpectedNode<'s>,
    /// The highest number of items.
    max: usize,
    count: usize,
    is_closed: bool,
}

impl<'a, 's, 'de> TextItems<'a, 's, 'de> {
    pub(super) fn new(reader: &'a mut TextReader<'s, 'de>, node: &'s SchemaNode) -> Result<Self, TypeError> {
        let array = match &node.kind {
            NodeKind::Array(array) => Some(array),
            NodeKind::Any => None,
            _ => return Err(not_allowed()),
        };
        let max = array.and_then(|array| array.max_items).unwrap_or(u64::MAX);
        let item = reader.expected(array.and_then(|array| array.item(0)).unwrap_or(node));
        reader.text.open()?;
        Ok(Self { reader, array, item, max: usize::try_from(max).unwrap_or(usize::MAX), count: 0, is_closed: false })
    }

    /// Returns the next item.
    #[inline]
    pub(in crate::schema::read::value) fn next(&mut self) -> Result<Option<ArgumentValue<'_, 's, 'de>>, TypeError> {
        if !self.has_next()? {
            return Ok(None);
        }
        // Stops before more items are allocated than are allowed.
        ensure(self.count < self.max)?;
        let item = self.item;
        self.count += 1;
        self.choose_next();
        Ok(Some(self.reader.value(item)?))
    }

    /// Chooses the node of the next item of a tuple.
    #[inline]
    fn choose_next(&mut self) {
        if let Some(ArraySchema { items: ArrayItems::Tuple(nodes), .. }) = self.array
            && let Some(node) = nodes.get(self.count)
        {
            self.item = self.reader.expected(node);
        }
    }

    #[inline]
    fn has_next(&mut self) -> Result<bool, TypeError> {
        let has_next = self.reader.text.has_next(self.count == 0, b']')?;
        self.is_closed = !has_next;
        Ok(has_next)
    }

    /// Returns an error if the type has not read every item, or there are too few.
    pub(in crate::schema::read::value) fn end(&mut self) -> Result<(), TypeError> {
        let is_closed = self.is_closed || !self.has_next()?;
        ensure(is_closed && self.array.is_none_or(|array| array.allows_count(self.count)))
    }
}
