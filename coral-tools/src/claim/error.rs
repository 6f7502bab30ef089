//! Why a claim was rejected.

/// Why a claim was rejected. Logged, and never sent to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimError {
    Missing,
    Repeated,
    Malformed,
    UnknownVersion,
    UnknownKey,
    Mismatch,
    Expired,
    InvalidValue,
}

impl ClaimError {
    /// A word for the log.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Missing => "claim_missing",
            Self::Repeated => "claim_repeated",
            Self::Malformed => "claim_malformed",
            Self::UnknownVersion => "claim_unknown_version",
            Self::UnknownKey => "claim_unknown_key",
            Self::Mismatch => "claim_mismatch",
            Self::Expired => "claim_expired",
            Self::InvalidValue => "claim_invalid_value",
        }
    }

    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Missing => "the URL has no claim; create the session with `SessionRequest::bound_to`",
            Self::Repeated => "the URL has more than one claim",
            Self::Malformed => "it does not have the form of a claim",
            Self::UnknownVersion => {
                "its version of the format is unknown; was it made by a later version of coral-tools?"
            }
            Self::UnknownKey => "it was signed with a key that these `ClaimKeys` do not have",
            Self::Mismatch => {
                "its signature does not match: it was forged, or made for another tool, for another base path (is the URL in \
                 `ClaimKeys::new` that of the session request?), or with another key of the same id"
            }
            Self::Expired => "it has expired",
            Self::InvalidValue => "its value is not of the type that the tool expects",
        }
    }
}
