//! Checking and rendering, as methods of the types that are sent.

use serde_json::Value;

use super::check::{self, CheckedRequest};
use super::dialect::Dialect;
use super::namespace::NewNamespace;
use super::render;
use super::request::SessionRequest;
use super::settings::RuntimeSettings;
use crate::build_error::{BuildError, BuildErrors};
use crate::registry::RegistryAgent;

impl SessionRequest {
    /// Checks everything that can be checked without the server and its registry.
    ///
    /// # Errors
    ///
    /// Returns every problem at once, each in terms of the methods that built the request.
    pub fn check(&self) -> Result<(), BuildErrors> {
        self.checked().map(drop)
    }

    /// As [`check`](Self::check), with proof: a checked request can be rendered in several dialects without being
    /// checked again.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`check`](Self::check).
    pub fn checked(&self) -> Result<CheckedRequest<'_>, BuildErrors> {
        check::request(self)
    }

    /// As [`check`](Self::check), and checks every agent whose type is among `registry_agents` against it: options,
    /// their types and constraints, runtime, and where it may run.
    ///
    /// # Errors
    ///
    /// Returns every problem at once, each in terms of the methods that built the request.
    pub fn check_with<'e>(
        &self,
        registry_agents: impl IntoIterator<Item = &'e RegistryAgent>,
    ) -> Result<(), BuildErrors> {
        check::request_with(self, registry_agents)
    }

    /// Warnings: valid, but probably unintended. A tool that no agent can call, names of properties that some model
    /// providers reject ([`Toolset::warnings`](crate::Toolset::warnings)), an agent that shares no group with another one,
    /// and regular expressions of an [inspected](crate::Agent::inspected) agent's options that only the server can check.
    #[must_use]
    pub fn warnings(&self) -> Vec<BuildError> {
        check::warnings(self)
    }

    /// Renders the body of the request in `dialect`.
    ///
    /// # Errors
    ///
    /// Returns every problem of the request ([`check`](Self::check)), and everything in it that `dialect` does not
    /// support.
    pub fn to_json(&self, dialect: Dialect) -> Result<Value, BuildErrors> {
        check::request_in(self, dialect).map(|checked| render::request(&checked, dialect))
    }
}

impl CheckedRequest<'_> {
    /// Renders the body of the request in `dialect`.
    ///
    /// # Errors
    ///
    /// Returns an error for each part of the request that `dialect` does not support.
    pub fn in_dialect(&self, dialect: Dialect) -> Result<Value, BuildErrors> {
        self.check_dialect(dialect)?;
        Ok(render::request(self, dialect))
    }
}

impl RuntimeSettings {
    /// Checks everything that can be checked without a server, before the session that the settings are for is created.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use coral_tools::session::RuntimeSettings;
    ///
    /// let errors = RuntimeSettings::new().ttl(Duration::ZERO).check().unwrap_err();
    /// assert_eq!(errors.to_string(), "ttl: 0ns is out of range: 1 ms to 292 million years");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns every problem of the settings.
    pub fn check(&self) -> Result<(), BuildErrors> {
        check::runtime_settings(self)
    }

    /// Renders the settings in `dialect`.
    ///
    /// # Errors
    ///
    /// Returns every problem of the settings, and everything in them that `dialect` does not support.
    pub fn to_json(&self, dialect: Dialect) -> Result<Value, BuildErrors> {
        check::settings(self, dialect).map(|checked| render::settings(&checked, dialect))
    }
}

impl NewNamespace {
    /// Checks the name.
    ///
    /// # Errors
    ///
    /// Returns every problem of the name.
    pub fn check(&self) -> Result<(), BuildErrors> {
        check::namespace(&self.name)
    }

    /// Renders the body of `POST /api/v1/local/namespace`, which creates the namespace on its own, in `dialect`.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`check`](Self::check).
    pub fn to_json(&self, dialect: Dialect) -> Result<Value, BuildErrors> {
        self.check()?;
        Ok(render::new_namespace(self, dialect))
    }
}
