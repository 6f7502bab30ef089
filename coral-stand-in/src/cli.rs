//! The arguments of the program, and the server that they describe.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::{Parser, Subcommand, ValueEnum};
use coral_stand_in::coral::Plays;
use coral_stand_in::{coral, everruns, qoder};
use coral_tools::Secret;

/// Fake servers for Coral, Everruns and Qoder Cloud Agents, with scripts instead of models.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Platform to imitate
    #[command(subcommand)]
    pub(crate) platform: Option<Platform>,

    /// Address to listen on
    #[arg(long, global = true, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) host: IpAddr,

    /// Port to listen on; 0 for a free one
    #[arg(long, global = true, default_value_t = 5555)]
    pub(crate) port: u16,

    /// The only API key that is accepted
    #[arg(long, global = true, default_value = "stand-in-key")]
    pub(crate) key: String,

    /// Log nothing
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Platform {
    /// A Coral server with the agents tool, seed, echo, puppet and natural-tone-agent (the default)
    Coral(CoralArguments),
    /// Everruns
    Everruns,
    /// Qoder Cloud Agents
    Qoder,
}

#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct CoralArguments {
    /// Version of the server
    #[arg(long, value_enum, default_value_t)]
    pub(crate) server_version: ServerVersion,

    /// Secret of calls of custom tools [default: CORAL_CUSTOM_TOOL_SECRET, or a fixed one]
    #[arg(long)]
    pub(crate) custom_tool_secret: Option<String>,

    /// Secret of session-end reports [default: CORAL_WEBHOOK_SECRET, or a fixed one]
    #[arg(long)]
    pub(crate) webhook_secret: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServerVersion {
    /// coral-server 1.2
    #[default]
    #[value(name = "1.2")]
    Server1_2,
    /// coral-server 1.1
    #[value(name = "1.1")]
    Server1_1,
    /// Coral Cloud, as its API guide describes it
    #[value(name = "cloud")]
    Cloud,
}

impl From<ServerVersion> for Plays {
    fn from(version: ServerVersion) -> Self {
        match version {
            ServerVersion::Server1_2 => Self::Server1_2,
            ServerVersion::Server1_1 => Self::Server1_1,
            ServerVersion::Cloud => Self::Cloud,
        }
    }
}

/// A running server. It stops when it is dropped.
#[derive(Debug)]
#[expect(dead_code, reason = "held until the program ends")]
pub(crate) enum Server {
    Coral(coral::StandIn),
    Everruns(everruns::StandIn),
    Qoder(qoder::StandIn),
}

/// Starts the server, and returns it with what a user has to know.
///
/// # Errors
///
/// Returns an error if the server cannot listen on the address.
pub(crate) async fn start(arguments: &Arguments) -> Result<(Server, String), String> {
    let address = SocketAddr::from((arguments.host, arguments.port));
    let key = &arguments.key;
    let listen = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use by another program; choose another `--port`"),
        _ => format!("cannot listen on {address}: {error}"),
    };
    match arguments.platform.clone().unwrap_or_else(|| Platform::Coral(CoralArguments::default())) {
        Platform::Coral(arguments) => {
            let secret = |flag: Option<String>, variable: &str, default: &str| {
                flag.or_else(|| std::env::var(variable).ok()).unwrap_or_else(|| default.to_owned())
            };
            let tool_secret =
                secret(arguments.custom_tool_secret, "CORAL_CUSTOM_TOOL_SECRET", "stand-in-custom-tool-secret");
            let webhook_secret = secret(arguments.webhook_secret, "CORAL_WEBHOOK_SECRET", "stand-in-webhook-secret");
            let server = coral::StandIn::builder()
                .plays(arguments.server_version.into())
                .key(key)
                .address(address)
                .custom_tool_secret(Secret::new(&tool_secret))
                .webhook_secret(Secret::new(&webhook_secret))
                .start()
                .await
                .map_err(listen)?;
            let (url, version) = (server.url(), server.plays());
            let text = format!(
                "{url} imitates {version}\nAPI key: {key}\ncustom tool secret: {tool_secret}\nwebhook secret: {webhook_secret}\n\
                 Try: curl -sS -H 'Authorization: Bearer {key}' {url}/api/v1/registry"
            );
            Ok((Server::Coral(server), text))
        }
        Platform::Everruns => {
            let server = everruns::StandIn::builder().token(key).address(address).start().await.map_err(listen)?;
            let url = server.url();
            let text = format!(
                "{url} imitates Everruns\nAPI key: {key}\n\
                 Try: curl -sS -X POST -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \
                 -d '{{\"agent_id\": \"agent_00000000000000000000000000000001\"}}' {url}/v1/sessions"
            );
            Ok((Server::Everruns(server), text))
        }
        Platform::Qoder => {
            let server = qoder::StandIn::builder().token(key).address(address).start().await.map_err(listen)?;
            let url = server.url();
            let text = format!(
                "{url} imitates Qoder Cloud Agents\nAPI key: {key}\n\
                 Try: curl -sS -H 'Authorization: Bearer {key}' {url}/api/v1/cloud/environments"
            );
            Ok((Server::Qoder(server), text))
        }
    }
}
