//! A stand-in for a Coral server, by itself: for applications in any language, and for a look around.
//!
//! ```sh
//! coral-stand-in --port 5555 --plays cloud --key my-key
//! ```

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};

use clap::{Parser, ValueEnum};
use coral_stand_in::coral::{Plays, StandIn};
use coral_tools::Secret;

/// Stands in for a Coral server, with agents that need no model: tool, seed, echo, puppet and natural-tone-agent.
///
/// Calls of custom tools are signed with CORAL_CUSTOM_TOOL_SECRET, reports of a session's end with CORAL_WEBHOOK_SECRET.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The address to listen on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,

    /// The port to listen on; 0 for a free one.
    #[arg(long, default_value_t = 5555)]
    port: u16,

    /// The Coral to play.
    #[arg(long, value_enum, default_value_t = Generation::Server1_2)]
    plays: Generation,

    /// The only key that is taken.
    #[arg(long, default_value = "stand-in-key")]
    key: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Generation {
    /// coral-server 1.2
    #[value(name = "1.2")]
    Server1_2,
    /// coral-server 1.1
    #[value(name = "1.1")]
    Server1_1,
    /// Coral Cloud, as its API guide prints it
    #[value(name = "cloud")]
    Cloud,
}

impl From<Generation> for Plays {
    fn from(generation: Generation) -> Self {
        match generation {
            Generation::Server1_2 => Self::Server1_2,
            Generation::Server1_1 => Self::Server1_1,
            Generation::Cloud => Self::Cloud,
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let coral = start(&arguments).await?;
    // A closed pipe is no reason to stop.
    let _shown = writeln!(io::stdout(), "{}", announcement(&coral));
    tokio::signal::ctrl_c().await?;
    coral.stop().await;
    Ok(())
}

async fn start(arguments: &Arguments) -> Result<StandIn, Box<dyn std::error::Error>> {
    let Arguments { host, port, plays, ref key } = *arguments;
    let mut builder = StandIn::builder().plays(plays.into()).key(key).address((host, port).into());
    if let Some(secret) = secret("CORAL_CUSTOM_TOOL_SECRET")? {
        builder = builder.custom_tool_secret(secret);
    }
    if let Some(secret) = secret("CORAL_WEBHOOK_SECRET")? {
        builder = builder.webhook_secret(secret);
    }
    Ok(builder.start().await?)
}

/// The secret in the environment, if there is one.
fn secret(name: &str) -> Result<Option<Secret>, Box<dyn std::error::Error>> {
    if std::env::var_os(name).is_none() {
        return Ok(None);
    }
    Ok(Some(Secret::from_env(name)?))
}

fn announcement(coral: &StandIn) -> String {
    format!("{} stands in for {}\nkey: {}\nCtrl-C stops it", coral.url(), coral.plays(), coral.key())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use coral_stand_in::coral::Plays;

    use super::{Arguments, announcement, start};

    #[tokio::test]
    async fn it_plays_what_it_is_told_to() {
        for (word, plays) in [("1.2", Plays::Server1_2), ("1.1", Plays::Server1_1), ("cloud", Plays::Cloud)] {
            let arguments = ["coral-stand-in", "--port", "0", "--plays", word, "--key", "my-key"];
            let coral = start(&Arguments::parse_from(arguments)).await.expect("started");
            assert_eq!((coral.plays(), coral.key()), (plays, "my-key"));
            let shown = announcement(&coral);
            assert!(shown.contains(coral.url()) && shown.contains("my-key"), "{shown}");
            coral.stop().await;
        }
    }

    #[test]
    fn what_it_does_not_know_is_refused() {
        assert!(Arguments::try_parse_from(["coral-stand-in", "--plays", "2.0"]).is_err());
    }
}
