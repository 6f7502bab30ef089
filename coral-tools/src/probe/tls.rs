//! Which problem an error of TLS shows.

use rustls::{AlertDescription, Error, InvalidMessage, PeerIncompatible};

use super::problem::TlsProblem;

pub(super) fn tls_problem(error: &Error) -> TlsProblem {
    match error {
        // A response in plain text is not a TLS record.
        Error::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => {
            TlsProblem::NotTls
        }
        Error::AlertReceived(AlertDescription::ProtocolVersion)
        | Error::PeerIncompatible(
            PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig | PeerIncompatible::ServerDoesNotSupportTls12Or13,
        ) => TlsProblem::Version { offered: None },
        Error::InvalidCertificate(reason) => TlsProblem::Certificate(reason.to_string()),
        other => TlsProblem::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

    use super::{TlsProblem, tls_problem};

    #[test]
    fn errors_of_tls_name_their_problem() {
        assert_eq!(tls_problem(&Error::InvalidMessage(InvalidMessage::InvalidContentType)), TlsProblem::NotTls);
        let version = tls_problem(&Error::AlertReceived(AlertDescription::ProtocolVersion));
        assert_eq!(version, TlsProblem::Version { offered: None });
        let expired = tls_problem(&Error::InvalidCertificate(CertificateError::Expired));
        assert!(matches!(expired, TlsProblem::Certificate(reason) if reason.to_lowercase().contains("expired")));
        let handshake = tls_problem(&Error::AlertReceived(AlertDescription::HandshakeFailure));
        assert!(matches!(handshake, TlsProblem::Other(_)));
    }
}
