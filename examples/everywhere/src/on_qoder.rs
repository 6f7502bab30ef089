//! Runs the conversation on Qoder Cloud Agents: a run reads the calls and submits the results.

use coral_stand_in::qoder::{QoderStandIn, Step};
use coral_tools::platform::qoder::{NewAgent, NewEnvironment, NewSession};
use coral_tools::{Qoder, Toolset};

use crate::tools::Orders;
use crate::{Conversation, LAST_MESSAGE, MESSAGE, Result, calls};

pub(crate) async fn run(tools: &Toolset<Orders>, orders: &Orders) -> Result<Conversation> {
    let stand_in = QoderStandIn::builder().turn([Step::calls(calls()), Step::message(LAST_MESSAGE)]).start().await?;

    let qoder = Qoder::at(stand_in.url()).key(stand_in.key());
    let environment = qoder.create_environment(&NewEnvironment::cloud("orders")).await?;
    let agent = qoder.create_agent(&NewAgent::new("clerk", "ultimate").tools(tools)).await?;
    let session = qoder.create_session(&NewSession::new(&agent, &environment.id)).await?;
    let turn = session.run(tools, orders).message(MESSAGE).await?;

    let results = stand_in.tool_results().into_iter().map(|result| result.text).collect();
    Ok(Conversation { results, last_message: turn.text().to_owned() })
}
