//! Fuzz target: documents that a Coral server sends. The first byte selects their type.

#![no_main]

use coral_tools::registry::{RegistryAgent, RegistryContents};
use coral_tools::state::{LogEvent, ManagerEvent, NamespaceState, SessionEvent, SessionState, Timestamp};
use coral_tools::{DecodeError, FromJson, SessionEndReport, from_json};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((first, json)) = data.split_first() else { return Corpus::Reject };
    let decoded = match first {
        b'0' => decode::<SessionState>(json),
        b'1' => decode::<NamespaceState>(json),
        b'2' => decode::<SessionEndReport>(json),
        b'3' => decode::<SessionEvent>(json),
        b'4' => decode::<ManagerEvent>(json),
        b'5' => decode::<LogEvent>(json),
        b'6' => decode::<RegistryAgent>(json),
        b'7' => decode::<RegistryContents>(json),
        b'8' => decode::<Vec<Timestamp>>(json),
        _ => return Corpus::Reject,
    };
    // The message of an error is logged.
    if let Err(error) = decoded {
        assert!(error.to_string().len() < 4096, "{} bytes", error.to_string().len());
    }
    Corpus::Keep
});

fn decode<T: FromJson + std::fmt::Debug>(json: &[u8]) -> Result<(), DecodeError> {
    from_json::<T>(json).map(|value| {
        let _ = format!("{value:?}");
    })
}
