//! The configuration, from environment variables.
//!
//! | variable | default | meaning |
//! | --- | --- | --- |
//! | `TENANTS` | required | the names of the tenants, such as `acme,globex` |
//! | `CORAL_CUSTOM_TOOL_SECRET_ACME` | required | the secret with which Coral signs the calls for the tenant `acme` |
//! | `CORAL_CUSTOM_TOOL_SECRET_ACME_PREVIOUS` | | the secret before, which is accepted while it is being replaced |
//! | `WEBHOOK_ADDRESS` | `127.0.0.1:3000` | where tools are served |
//! | `OPERATIONS_ADDRESS` | `127.0.0.1:9000` | where health, readiness and metrics are served |
//! | `DRAIN_SECONDS` | 5 | how long connections are accepted after SIGTERM, until load balancers notice the readiness |
//! | `SHUTDOWN_TIMEOUT_SECONDS` | 20 | how long after SIGTERM the process ends at the latest |
//! | `RUST_LOG` | `info` | which events are logged |

use std::env;
use std::error::Error;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use crate::server::ConnectionLimits;
use crate::tenant::TenantConfig;

#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) tenants: Vec<TenantConfig>,
    pub(crate) webhook_address: SocketAddr,
    pub(crate) operations_address: SocketAddr,
    pub(crate) limits: ConnectionLimits,
    pub(crate) drain_time: Duration,
    pub(crate) shutdown_timeout: Duration,
}

impl Config {
    /// Reads the configuration. A missing secret is an error, so that a service does not start without it.
    pub(crate) fn from_env() -> Result<Self, Box<dyn Error>> {
        let names =
            env::var("TENANTS").map_err(|error| format!("TENANTS: {error}; set it to the names of the tenants"))?;
        let tenants = names.split(',').map(|name| TenantConfig::from_env(name.trim())).collect::<Result<_, _>>()?;
        Ok(Self {
            tenants,
            webhook_address: variable("WEBHOOK_ADDRESS", "127.0.0.1:3000")?,
            operations_address: variable("OPERATIONS_ADDRESS", "127.0.0.1:9000")?,
            limits: ConnectionLimits { connections: 1024, header_timeout: Duration::from_secs(5) },
            drain_time: Duration::from_secs(variable("DRAIN_SECONDS", "5")?),
            shutdown_timeout: Duration::from_secs(variable("SHUTDOWN_TIMEOUT_SECONDS", "20")?),
        })
    }
}

fn variable<T: FromStr<Err: Error>>(name: &str, default: &str) -> Result<T, String> {
    let text = env::var(name).unwrap_or_else(|_| default.to_owned());
    text.parse().map_err(|error| format!("{name}: {error}"))
}
