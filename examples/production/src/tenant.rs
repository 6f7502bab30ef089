//! The tenants: customers of the application, each with a Coral server and a secret of its own.

use std::sync::Arc;

use coral_tools::Secret;

/// The name of a tenant. Tools take it as a context parameter, `Extension<Tenant>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Tenant(Arc<str>);

/// A name that cannot be a part of a URL and of an environment variable.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a valid name of a tenant: write lower-case letters and digits, such as `acme`")]
pub(crate) struct TenantNameError(String);

impl Tenant {
    pub(crate) fn new(name: &str) -> Result<Self, TenantNameError> {
        let is_valid = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if is_valid { Ok(Self(name.into())) } else { Err(TenantNameError(name.to_owned())) }
    }

    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

/// A tenant and the secrets with which Coral signs its calls.
#[derive(Debug)]
pub(crate) struct TenantConfig {
    pub(crate) tenant: Tenant,
    /// Two while a secret is being replaced.
    pub(crate) secrets: Vec<Secret>,
}

impl TenantConfig {
    /// Reads the secrets of a tenant from environment variables.
    pub(crate) fn from_env(name: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let tenant = Tenant::new(name)?;
        let current = format!("CORAL_CUSTOM_TOOL_SECRET_{}", name.to_ascii_uppercase());
        let previous = format!("{current}_PREVIOUS");
        let mut secrets = vec![Secret::from_env(&current)?];
        if std::env::var_os(&previous).is_some() {
            secrets.push(Secret::from_env(&previous)?);
        }
        Ok(Self { tenant, secrets })
    }
}
