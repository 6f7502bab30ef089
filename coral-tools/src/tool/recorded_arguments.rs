//! [`read_arguments`]: the arguments of a recorded call, as the type of its tool.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Tool;
use super::registered::input_schema;
use crate::schema::{InputSchema, Problem, try_deserialize};

/// The schemas of the tools whose calls were read: at most one for each type of the program.
static SCHEMAS: Mutex<BTreeMap<TypeId, Option<Arc<InputSchema>>>> = Mutex::new(BTreeMap::new());

/// Reads the arguments in the same way as a call of the tool does.
///
/// # Errors
///
/// Returns every problem of the arguments, for example because another version of the tool has received them.
pub(crate) fn read_arguments<T: Tool>(arguments: &[u8]) -> Result<T, Vec<Problem>> {
    match schema_of::<T>() {
        Some(schema) => schema.read(arguments),
        None => Err(vec![Problem::not_json(format!("no toolset can contain the tool `{}`: it is invalid", T::NAME))]),
    }
}

/// Returns the schema of a tool; `None` if the tool is invalid.
fn schema_of<T: Tool>() -> Option<Arc<InputSchema>> {
    let mut schemas = SCHEMAS.lock().unwrap_or_else(PoisonError::into_inner);
    schemas.entry(TypeId::of::<T>()).or_insert_with(|| new_schema::<T>().map(Arc::new)).clone()
}

fn new_schema<T: Tool>() -> Option<InputSchema> {
    let mut schema = input_schema(T::definition().input).ok()?;
    schema.adjust(try_deserialize::<T>).is_empty().then_some(schema)
}
