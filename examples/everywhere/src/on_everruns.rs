//! On Everruns, where a run reads the calls.

use coral_stand_in::everruns::{EverrunsStandIn, Step};
use coral_tools::platform::everruns::NewSession;
use coral_tools::{Everruns, Toolset};

use crate::tools::Orders;
use crate::{ANSWER, Conversation, MESSAGE, Result, calls};

pub(crate) async fn run(tools: &Toolset<Orders>, orders: &Orders) -> Result<Conversation> {
    let stand_in = EverrunsStandIn::builder().turn([Step::calls(calls()), Step::message(ANSWER)]).start().await?;

    let everruns = Everruns::at(stand_in.url()).key(stand_in.key());
    let session = everruns.create_session(&NewSession::without_agent().tools(tools).title("Orders")).await?;
    let turn = session.run(tools, orders).message(MESSAGE).await?;

    let results = stand_in.tool_results().into_iter().map(|result| result.text).collect();
    Ok(Conversation { results, last_message: turn.text().to_owned() })
}
