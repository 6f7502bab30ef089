//! The arguments of the program, and the start of its server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::{Parser, Subcommand, ValueEnum};
use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_stand_in::everruns::EverrunsStandIn;
use coral_stand_in::qoder::QoderStandIn;
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

    /// The only accepted API key
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
    /// Version to emulate
    #[arg(long, value_enum, default_value_t)]
    pub(crate) server_version: ServerVersion,

    /// Secret that signs calls of custom tools [default: CORAL_CUSTOM_TOOL_SECRET, or a fixed secret]
    #[arg(long)]
    pub(crate) custom_tool_secret: Option<String>,

    /// Secret that signs session-end reports [default: CORAL_WEBHOOK_SECRET, or a fixed secret]
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
    /// Coral Cloud, as in its API guide
    #[value(name = "cloud")]
    Cloud,
}

impl From<ServerVersion> for EmulatedVersion {
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
    Coral(CoralStandIn),
    Everruns(EverrunsStandIn),
    Qoder(QoderStandIn),
}

/// Starts the server, and returns it with the text to print.
///
/// # Errors
///
/// Returns an error if a key or secret is empty, or if the server cannot listen on the address.
pub(crate) async fn start(arguments: &Arguments) -> Result<(Server, String), String> {
    let address = SocketAddr::from((arguments.host, arguments.port));
    let key = &arguments.key;
    require_not_empty("--key", key)?;
    match &arguments.platform {
        None => start_coral(&CoralArguments::default(), address, key).await,
        Some(Platform::Coral(arguments)) => start_coral(arguments, address, key).await,
        Some(Platform::Everruns) => start_everruns(address, key).await,
        Some(Platform::Qoder) => start_qoder(address, key).await,
    }
}

async fn start_coral(arguments: &CoralArguments, address: SocketAddr, key: &str) -> Result<(Server, String), String> {
    let tool_secret = secret(
        ("--custom-tool-secret", arguments.custom_tool_secret.as_deref()),
        "CORAL_CUSTOM_TOOL_SECRET",
        "stand-in-custom-tool-secret",
    )?;
    let webhook_secret = secret(
        ("--webhook-secret", arguments.webhook_secret.as_deref()),
        "CORAL_WEBHOOK_SECRET",
        "stand-in-webhook-secret",
    )?;
    let builder = CoralStandIn::builder()
        .emulates(arguments.server_version.into())
        .key(key)
        .address(address)
        .custom_tool_secret(Secret::new(&tool_secret))
        .webhook_secret(Secret::new(&webhook_secret));
    let server = builder.start().await.map_err(|error| listen_error(address, &error))?;
    let (url, version) = (server.url(), server.emulated_version());
    let text = format!(
        "{url} imitates {version}\nAPI key: {key}\ncustom tool secret: {tool_secret}\nwebhook secret: {webhook_secret}\n\
         Try: curl -sS -H 'Authorization: Bearer {key}' {url}/api/v1/registry"
    );
    Ok((Server::Coral(server), text))
}

async fn start_everruns(address: SocketAddr, key: &str) -> Result<(Server, String), String> {
    let builder = EverrunsStandIn::builder().key(key).address(address);
    let server = builder.start().await.map_err(|error| listen_error(address, &error))?;
    let url = server.url();
    let text = format!(
        "{url} imitates Everruns\nAPI key: {key}\n\
         Try: curl -sS -X POST -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \
         -d '{{\"agent_id\": \"agent_00000000000000000000000000000001\"}}' {url}/v1/sessions"
    );
    Ok((Server::Everruns(server), text))
}

async fn start_qoder(address: SocketAddr, key: &str) -> Result<(Server, String), String> {
    let builder = QoderStandIn::builder().key(key).address(address);
    let server = builder.start().await.map_err(|error| listen_error(address, &error))?;
    let url = server.url();
    let text = format!(
        "{url} imitates Qoder Cloud Agents\nAPI key: {key}\n\
         Try: curl -sS -H 'Authorization: Bearer {key}' {url}/api/v1/cloud/environments"
    );
    Ok((Server::Qoder(server), text))
}

/// The value of the flag, of the environment variable, or the default.
fn secret((flag, value): (&str, Option<&str>), variable: &str, default: &str) -> Result<String, String> {
    if let Some(value) = value {
        require_not_empty(flag, value)?;
        return Ok(value.to_owned());
    }
    let Ok(value) = std::env::var(variable) else { return Ok(default.to_owned()) };
    require_not_empty(variable, &value)?;
    Ok(value)
}

fn require_not_empty(name: &str, value: &str) -> Result<(), String> {
    if value.trim().is_empty() { Err(format!("`{name}` is empty; set a value or leave it out")) } else { Ok(()) }
}

fn listen_error(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use by another program; choose another `--port`"),
        _ => format!("cannot listen on {address}: {error}"),
    }
}
