"""Serves a turn with the vendor's client on the fake server, and checks which requests the server rejects."""

import json
import os
import subprocess
import sys

for name in list(os.environ):
    if name.upper().startswith("QODER_") or name.lower().endswith("_proxy"):
        del os.environ[name]

from qca import BadRequestError, ConflictError, NotFoundError  # noqa: E402
from qca.managed import Managed  # noqa: E402

TOOL = {
    "type": "custom",
    "name": "lookup_order",
    "description": "Look up an order by ID.",
    "input_schema": {
        "type": "object",
        "properties": {"order_id": {"type": "string", "description": "Order ID"}},
        "required": ["order_id"],
        "additionalProperties": False,
    },
}


def text_content(text):
    return [{"type": "text", "text": text}]


def follow(client, session, cursor):
    """Returns the events after `cursor` up to the one that ends the turn or requests results."""
    events = []
    headers = {"Last-Event-ID": cursor}
    with client.sessions.events.stream(session, extra_headers=headers) as stream:
        for event in stream:
            events.append(event)
            if event.type == "session.status_idle":
                return events
    raise AssertionError("the stream ended during a turn")


def rejected(kind, request):
    try:
        request()
    except kind:
        return
    raise AssertionError(f"the request was not rejected with {kind.__name__}")


def turn(client):
    environment = client.environments.create(name="demo", config={"type": "cloud"})
    agent = client.agents.create(name="demo-agent", model="ultimate", system="Use tools.", tools=[TOOL])
    assert agent.version == 1 and client.agents.retrieve(agent.id).name == "demo-agent"
    agent = client.agents.update(agent.id, version=1, tools=[TOOL])
    assert agent.version == 2
    rejected(ConflictError, lambda: client.agents.update(agent.id, version=1, tools=[TOOL]))
    assert [one.id for one in client.agents.list(limit=20)] == [agent.id]

    pinned = {"id": agent.id, "type": "agent", "version": 1}
    client.sessions.create(agent=pinned, environment_id=environment.id)
    session = client.sessions.create(
        agent=agent.id,
        environment_id=environment.id,
        title="My session",
        metadata={"purpose": "demo"},
        extra_headers={"Idempotency-Key": "k-create-1"},
        extra_body={"delta_flush_interval_ms": 100, "memory_store_ids": []},
    )
    assert session.status == "idle" and session.agent.tools[0].name == "lookup_order"

    def send(key, events):
        return client.sessions.events.send(session.id, events=events, extra_headers={"Idempotency-Key": key})

    message = {"type": "user.message", "content": text_content("Where are A1 and B2?")}
    sent = send("k-msg-1", [message])
    events = follow(client, session.id, sent.data[0].id)
    calls = [event for event in events if event.type == "agent.custom_tool_use"]
    assert [call.input["order_id"] for call in calls] == ["A1", "B2"]
    idle = events[-1]
    assert idle.stop_reason.type == "requires_action"
    assert idle.stop_reason.event_ids == [call.id for call in calls]

    def result(call):
        order = json.dumps({"order": call.input["order_id"], "status": "shipped"})
        return {
            "type": "user.custom_tool_result",
            "custom_tool_use_id": call.id,
            "is_error": False,
            "content": text_content(order),
        }

    unknown = {**result(calls[0]), "custom_tool_use_id": "evt_unknown"}
    rejected(BadRequestError, lambda: send("k-bad-1", [unknown]))
    rejected(BadRequestError, lambda: send("k-bad-2", []))
    rejected(BadRequestError, lambda: send("k-bad-3", [{**message, "content": "text"}]))
    rejected(ConflictError, lambda: send("k-msg-1", [{**message, "content": text_content("Another.")}]))
    results = [result(call) for call in calls]
    first = send("k-res-1", results)
    assert [event.id for event in send("k-res-1", results).data] == [event.id for event in first.data]

    events = follow(client, session.id, idle.id)
    assert [event.content[0].text for event in events if event.type == "agent.message"] == ["Both are shipped."]
    assert events[-1].stop_reason.type == "end_turn"
    rejected(BadRequestError, lambda: follow(client, session.id, "evt_unknown"))

    listed = client.sessions.events.list(
        session.id, limit=50, order="asc", types=["agent.custom_tool_use", "session.status_idle"]
    )
    assert [event.type for event in listed].count("agent.custom_tool_use") == 2

    sent = send("k-msg-2", [{"type": "user.message", "content": text_content("And C3?")}])
    waiting = follow(client, session.id, sent.data[0].id)[-1]
    assert client.sessions.cancel(session.id).status == "canceling"
    assert follow(client, session.id, waiting.id)[-1].stop_reason.type == "cancelled"

    assert client.sessions.update(session.id, title="Done").title == "Done"
    found = client.sessions.list(agent_id=agent.id, limit=20, statuses=["idle"])
    assert session.id in [one.id for one in found]
    assert client.sessions.archive(session.id).archived_at is not None
    assert client.sessions.delete(session.id).type == "session_deleted"
    rejected(NotFoundError, lambda: client.sessions.retrieve(session.id))
    assert client.agents.archive(agent.id).archived_at is not None
    assert client.environments.archive(environment.id).archived_at is not None


def main():
    program = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url, token = program.stdout.readline().strip(), program.stdout.readline().strip()
        base = f"{url}/api/v1/cloud"
        with Managed(pat=token, base_url=base, timeout=30, _strict_response_validation=True) as client:
            turn(client)
    finally:
        program.stdin.close()
        program.wait(timeout=30)
    print("qoder-sdk: the vendor's client served a turn")


main()
