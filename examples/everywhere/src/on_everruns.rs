//! Runs the conversation on Everruns: a run reads the calls and submits the results.

use coral_stand_in::everruns::{EverrunsStandIn, Step};
use coral_tools::platform::everruns::NewSession;
use coral_tools::{Everruns, Toolset};

use crate::tools::Orders;
use crate::{Conversation, LAST_MESSAGE, MESSAGE, Result, calls};

pub(crate) async fn run(tools: &Toolset<Orders>, orders: &Orders) -> Result<Conversation> {
    let stand_in = EverrunsStandIn::builder().turn([Step::calls(calls()), Step::message(LAST_MESSAGE)]).start().await?;

    let everruns = Everruns::at(stand_in.url()).key(stand_in.key());
    let session = everruns.create_session(&NewSession::without_agent().tools(tools).title("Orders")).await?;
    let turn = session.run(tools, orders).message(MESSAGE).await?;

    let results = stand_in.tool_results().into_iter().map(|result| result.text).collect();
    Ok(Conversation { results, last_message: turn.text().to_owned() })
}
