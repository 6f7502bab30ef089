//! Random requests, valid and invalid, that use every field.

use std::sync::LazyLock;
use std::time::Duration;

use coral_tools::registry::RegistrySource;
use coral_tools::session::{
    AgentProvider, Amount, FlatScoreEffect, ModelProxy, NewNamespace, OptionValue, PaidRemoteServer, Persistence,
    RemoteRequest, RemoteServer, RuntimeSettings, ScoreEffect, ServerAttribute, ServerAttributeType,
    ServerAttributeValue, ServerScorer, ServerSource, X402Budget,
};
use coral_tools::{Agent, Runtime, SessionRequest, Toolset, toolset};
use fastrand::Rng;

use super::super::{hints, look_up, nothing};

/// Valid names. Each use is replaced by an invalid name with a probability of 1/50, which makes half of the requests invalid.
const NAMES: [&str; 6] = ["writer", "reader", "a b", "zoë ☃", "\"quoted\\\"", "-"];
const INVALID_NAMES: [&str; 4] = ["", "..", "a/b", "\u{7}"];

static TOOLS: LazyLock<Toolset> = LazyLock::new(|| toolset![nothing, hints, look_up]);

pub(super) fn request(rng: &mut Rng) -> SessionRequest {
    let mut request = namespace(rng);
    let count = rng.usize(1..4);
    let names: Vec<&str> = rng.choose_multiple(NAMES, count);
    for name in &names {
        request = request.agent(agent(rng, name));
    }
    for _ in 0..rng.usize(..3) {
        request = request.group((0..rng.usize(1..4)).map(|_| names[rng.usize(..names.len())]).collect::<Vec<_>>());
    }
    if rng.u8(..20) > 0 {
        request = request.tools(&TOOLS, "https://app.example/coral?token=x");
    }
    for _ in 0..rng.usize(..3) {
        request = request.annotation(text(rng), text(rng));
    }
    if rng.bool() { request.settings(settings(rng)) } else { execution(rng, request) }
}

fn namespace(rng: &mut Rng) -> SessionRequest {
    let name = name(rng);
    match rng.u8(..3) {
        0 => SessionRequest::in_existing_namespace(name),
        1 => SessionRequest::in_namespace(name),
        _ => SessionRequest::in_namespace(NewNamespace::new(name).kept().annotation(text(rng), text(rng))),
    }
}

fn execution(rng: &mut Rng, request: SessionRequest) -> SessionRequest {
    match rng.u8(..3) {
        0 => request.deferred(),
        1 => request.session_end_webhook(),
        _ => request,
    }
}

fn settings(rng: &mut Rng) -> RuntimeSettings {
    let mut settings = RuntimeSettings::new().extended_end_report(rng.bool());
    if rng.bool() {
        settings = settings.ttl(time(rng));
    }
    if rng.bool() {
        settings = settings.session_end_webhook_at("https://app.example/end?x=1");
    }
    settings.persistence(match rng.u8(..3) {
        0 => Persistence::Off,
        1 => Persistence::MinimumTime(time(rng)),
        _ => Persistence::HoldAfterExit(time(rng)),
    })
}

fn time(rng: &mut Rng) -> Duration {
    if rng.u8(..50) == 0 { Duration::ZERO } else { Duration::from_millis(rng.u64(1..1 << 40)) }
}

fn agent(rng: &mut Rng, name: &str) -> Agent {
    let (kind, version) = (text(rng), text(rng));
    let mut agent = match rng.u8(..4) {
        0 => Agent::local(kind, version, runtime(rng)),
        1 => Agent::marketplace(kind, version, runtime(rng)),
        2 => Agent::linked(text(rng), kind, version, runtime(rng)),
        _ => Agent::new(RegistrySource::Local, kind, version, provider(rng)),
    };
    agent = agent.named(if rng.u8(..50) == 0 { INVALID_NAMES[rng.usize(..4)] } else { name });
    if rng.bool() {
        agent = agent.description(text(rng)).system_prompt(text(rng)).blocking(rng.bool());
    }
    for _ in 0..rng.usize(..4) {
        agent = agent.option(text(rng), option(rng));
    }
    match rng.u8(..4) {
        0 => agent = agent.can_call::<nothing>().can_call::<hints>(),
        1 => agent = agent.can_call::<look_up>().can_close_session(),
        _ => {}
    }
    if rng.bool() {
        let remaining_budget = rng.u64(..);
        agent = agent.x402_budget(X402Budget::new(text(rng), remaining_budget).priority(rng.i32(..)));
        let proxy = ModelProxy::new(text(rng), text(rng));
        agent = agent.proxy(text(rng), proxy).annotation(text(rng), text(rng));
    }
    agent
}

fn runtime(rng: &mut Rng) -> Runtime {
    [Runtime::Executable, Runtime::Docker, Runtime::Function, Runtime::Prototype][rng.usize(..4)].clone()
}

fn provider(rng: &mut Rng) -> AgentProvider {
    let (runtime, max_cost) = (runtime(rng), amount(rng));
    if rng.bool() {
        let (wallet, payment_session_id) = (text(rng), text(rng));
        let server = server(rng);
        return AgentProvider::Remote(PaidRemoteServer::new(server, runtime, wallet, max_cost, payment_session_id));
    }
    let source = if rng.bool() {
        ServerSource::Servers { servers: vec![server(rng), server(rng)] }
    } else {
        ServerSource::Indexer { indexer: text(rng) }
    };
    let request = RemoteRequest::new(runtime, max_cost, source);
    AgentProvider::RemoteRequest(if rng.bool() { request } else { request.scored_by(scorers(rng)) })
}

fn amount(rng: &mut Rng) -> Amount {
    match rng.u8(..3) {
        0 => Amount::Usd(number(rng)),
        1 => Amount::Coral(number(rng)),
        _ => Amount::MicroCoral(rng.i64(..)),
    }
}

fn server(rng: &mut Rng) -> RemoteServer {
    let value = match rng.u8(..3) {
        0 => ServerAttributeValue::Text(text(rng)),
        1 => ServerAttributeValue::Number(number(rng)),
        _ => ServerAttributeValue::Boolean(rng.bool()),
    };
    let attribute = ServerAttribute::new(ServerAttributeType::AttestedBy, value);
    RemoteServer::new(text(rng), rng.u16(..)).secure(rng.bool()).attribute(attribute)
}

fn scorers(rng: &mut Rng) -> [ServerScorer; 7] {
    let attribute = ServerAttributeType::GeographicLocation;
    let weight = number(rng);
    let (string, effect) = (text(rng), FlatScoreEffect::new(weight));
    [
        ServerScorer::IsTrue { attribute, effect },
        ServerScorer::IsFalse { attribute, effect },
        ServerScorer::IsPresent { attribute, effect: ScoreEffect::Flat { weight } },
        ServerScorer::IsPresent { attribute, effect: ScoreEffect::Multiplier { weight } },
        ServerScorer::IsNotPresent { attribute, effect },
        ServerScorer::StringEqual { attribute, string: string.clone(), effect },
        ServerScorer::StringNotEqual { attribute, string, effect },
    ]
}

fn option(rng: &mut Rng) -> OptionValue {
    match rng.u8(..26) {
        0 => text(rng).into(),
        1 => OptionValue::blob(bytes(rng)),
        2 => rng.bool().into(),
        3 => rng.i8(..).into(),
        4 => rng.i16(..).into(),
        5 => rng.i32(..).into(),
        6 => rng.i64(..).into(),
        7 => rng.u8(..).into(),
        8 => rng.u16(..).into(),
        9 => rng.u32(..).into(),
        10 => rng.u64(..).into(),
        11 => f32::from_bits(rng.u32(..)).into(),
        12 => f64::from_bits(rng.u64(..)).into(),
        13 => vec![text(rng), text(rng)].into(),
        14 => OptionValue::blobs([bytes(rng), bytes(rng)]),
        15 => [rng.i8(..)].into(),
        16 => [rng.i16(..)].into(),
        17 => [rng.i32(..)].into(),
        18 => [rng.i64(..), i64::MIN, i64::MAX].into(),
        19 => bytes(rng).into(),
        20 => [rng.u16(..)].into(),
        21 => [rng.u32(..)].into(),
        22 => [rng.u64(..), u64::MAX].into(),
        23 => [rng.f32()].into(),
        24 => [rng.f64(), f64::MAX, f64::MIN_POSITIVE].into(),
        _ => Vec::<String>::new().into(),
    }
}

fn bytes(rng: &mut Rng) -> Vec<u8> {
    (0..rng.usize(..7)).map(|_| rng.u8(..)).collect()
}

fn number(rng: &mut Rng) -> f64 {
    if rng.u8(..200) == 0 { f64::NAN } else { rng.f64() * 1e6 - 5e5 }
}

fn name(rng: &mut Rng) -> String {
    if rng.u8(..50) == 0 { INVALID_NAMES[rng.usize(..4)].to_owned() } else { text(rng) }
}

fn text(rng: &mut Rng) -> String {
    let letters = ["a", "B", "_", "9", "é", "☃", "\"", "\\", " ", "\u{2028}"];
    (0..rng.usize(1..8)).map(|_| letters[rng.usize(..letters.len())]).collect()
}
