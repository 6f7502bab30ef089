"""Plays Coral: starts the program that is given, calls its tools over sockets, and checks what comes back."""

import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess
import sys
import urllib.parse

SECRET = "test-secret"
SESSION = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11"
# What Coral leaves as it is in a path.
UNESCAPED = "-._~:@!$&'()*+,;=/"
checks = 0


def check(what, given, expected):
    global checks
    checks += 1
    if given != expected:
        sys.exit(f"{what}:\n  given    {given!r}\n  expected {expected!r}")


def sign(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def printed(arguments):
    """As Coral prints: four spaces, and an empty object or list on one line."""
    return json.dumps(arguments, indent=4, ensure_ascii=False).encode()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


def exchange(address, head, body):
    """One call on a connection of its own, byte for byte."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(head + body)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return Answer(response.status, response.headers, response.read().decode())


def call(url, body=b"null", *, agent="report-writer", session=SESSION, namespace="default", tail=None, method="POST",
         drop=(), **changed):
    """A call of the tool at `url`. `changed` headers are named with `_` for `-`; those in `drop` are not sent."""
    url = urllib.parse.urlsplit(url)
    path = url.path[:-1] if url.path.endswith("/") else url.path
    tail = f"/{session}/{urllib.parse.quote(agent, safe=UNESCAPED)}" if tail is None else tail
    query = f"?{url.query}" if url.query else ""
    headers = {
        "Host": url.netloc,
        "Content-Length": str(len(body)),
        "Accept": "application/json",
        "X-Coral-Signature": sign(body),
        "X-Coral-Namespace": namespace,
        "X-Coral-SessionId": session,
        "X-Coral-AgentName": agent,
        "User-Agent": "ktor-client",
        "Content-Type": "application/json",
    }
    headers.update({name.replace("_", "-"): value for name, value in changed.items()})
    lines = [f"{method} {path}{tail}{query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items() if name not in drop]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return exchange((url.hostname, url.port), head, body if headers["Content-Length"] == str(len(body)) else b"")


def value(url, body, **how):
    """What an agent reads of a call that is answered with status 200."""
    answer = call(url, body, **how)
    check(f"status of {url} with {body!r}", answer.status, 200)
    check(f"type of {url}", answer.headers["Content-Type"], "application/json")
    return answer.json()


def told(url, body):
    """The places that an agent is told of as wrong."""
    answer = value(url, body)
    check(f"failure of {url} with {body!r}", answer["success"], False)
    check("a sentence", bool(answer["error"]), True)
    return sorted(detail["path"] for detail in answer["details"])


def documents(flat, cloud):
    check("tools", list(flat), ["submit_report", "who", "add", "mirror", "broken", "explode"])
    check("tools in the guide's form", list(cloud), list(flat))
    for name, entry in flat.items():
        check(f"keys of {name}", set(entry) - {"annotations"}, {"transport", "description", "inputSchema", "outputSchema"})
        check(f"form of {name}", cloud[name]["schema"]["name"], name)
        check(f"header of {name}", entry["transport"]["signatureHeader"], "X-Coral-Signature")
        for schema in (entry["inputSchema"], entry["outputSchema"]):
            check(f"root of {name}", set(schema) - {"$defs"}, {"type", "properties", "required"})
    check("required", flat["submit_report"]["inputSchema"]["required"], ["title", "content"])
    check("hints", flat["submit_report"]["annotations"], {"idempotentHint": True})


def bodies(urls):
    who = {"tool": "who", "session": SESSION, "agent": "report-writer", "namespace": "default"}
    for nothing in (b"null", b"{}", b"", b" null\n", b"{\n}"):
        check(f"no arguments as {nothing!r}", value(urls["who"], nothing), who)
    report = printed({"title": "Zoë ☃ \u2028", "content": "# Done\t\u0007\n/"})
    check("a report", value(urls["submit_report"], report), {"report_id": "Zoë ☃ \u2028-10", "customer": "Ada"})
    escaped = json.dumps({"title": "Zoë 😀", "content": "x"}).encode()
    check("escapes", value(urls["submit_report"], escaped)["report_id"], "Zoë 😀-1")
    for body, sum_ in [(b'{"a": 5.0}', 6), (b'{"a": 1e3}', 1001), (b'{"a": 5, "b": -0}', 5), (b'{"a": 5, "b": null}', 6),
                       (b'{"a": 1, "b": -1000.0}', -999), (b'{"a": 1, "b": 0, "times": 1.0E-7}', 1e-7)]:
        check(f"sum of {body!r}", value(urls["add"], body), {"result": sum_})
    shape = {"kind": "group", "of": [{"kind": "circle", "radius": 1.5}], "names": {"a/b": 1, "☃": 2}}
    for note in ({}, {"note": None}):
        check("a shape", value(urls["mirror"], printed({"shape": shape, **note})), {"result": [shape, None]})


def mistakes(urls):
    for body, places in [
        (b"{}", ["a"]),
        (b'{"a": 1.5}', ["a"]),
        (b'{"a": "5"}', ["a"]),
        (b'{"a": -1, "b": true, "times": []}', ["a", "b", "times"]),
        (b'{"a": 4294967296}', ["a"]),
        (b'{"a": 1.8446744073709552E19}', ["a"]),
        (b'{"a": 1, "A": 2}', ["A"]),
        (b'{"a": 1, "a": 2}', ["a"]),
        (b"[]", [""]),
        (b"{", [""]),
        (b"\xff", [""]),
    ]:
        check(f"places in {body!r}", told(urls["add"], body), places)
    secret = value(urls["submit_report"], printed({"titel": "hunter2", "content": "", "stars": "hunter2"}))
    check("values are not repeated", "hunter2" in json.dumps(secret), False)
    suggestions = [detail.get("didYouMean") for detail in secret["details"] if detail["path"] == "titel"]
    check("suggestion", suggestions, ["title"])
    taken = value(urls["submit_report"], printed({"title": "taken", "content": "x"}))
    check("an error", taken, {"success": False, "error": "there is a report of this title; choose another"})
    for tool in ("broken", "explode"):
        check(f"{tool} tells nothing", value(urls[tool], b"null"), {"success": False, "error": "the tool failed"})


def callers(urls):
    for agent in ["report-writer", "Zoë 1", "a/b", "a+b", "a:b@c", "100%", "..", "?#\"", "日本", ""]:
        check(f"agent {agent!r}", value(urls["who"], b"null", agent=agent)["agent"], agent)
        by_path = value(urls["who"], b"null", agent=agent, drop=["X-Coral-AgentName"]) if agent else {"agent": ""}
        check(f"agent {agent!r} in the path", by_path["agent"], agent)
        by_header = value(urls["who"], b"null", agent=agent, tail="")
        check(f"agent {agent!r} in the header", (by_header["agent"], by_header["session"]), (agent, SESSION))
    check("namespace", value(urls["who"], b"null", namespace="Große Räume")["namespace"], "Große Räume")
    for url in (urls["who"] + "/", urls["who"] + "///", urls["who"] + "?k=v&x=1", urls["who"].replace("/who", "//who")):
        check(f"call of {url}", value(url, b"null")["agent"], "report-writer")
    check("a slash at the end", value(urls["who"], b"null", tail=f"/{SESSION}/report-writer/")["agent"], "report-writer")
    body = printed({"title": "t", "content": "x"})
    stranger = call(urls["submit_report"], body, session="6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364")
    check("an unknown session", (stranger.status, stranger.json()), (400, {"success": False, "error": "Invalid session"}))


def refusals(urls):
    who = urls["who"]
    body = b"null"
    check("upper case", call(who, X_Coral_Signature=sign(body).upper()).status, 200)
    check("a known signature", sign(body), "8ca2b70c2d5d388607af2ee15f5c12bbb7bab96c0ca36f9afde482f7b3a78ab6")
    for what, status, how in [
        ("no signature", 401, {"drop": ["X-Coral-Signature"]}),
        ("an empty signature", 401, {"X_Coral_Signature": ""}),
        ("another body's", 401, {"X_Coral_Signature": sign(b"{}")}),
        ("another secret's", 401, {"X_Coral_Signature": sign(body, "other")}),
        ("a prefix", 401, {"X_Coral_Signature": "sha256=" + sign(body)}),
        ("not hex", 401, {"X_Coral_Signature": "z" * 64}),
        ("form data", 415, {"Content_Type": "application/x-www-form-urlencoded"}),
        ("gzip", 415, {"Content_Encoding": "gzip"}),
        ("5 MiB", 413, {"Content_Length": str(5 << 20)}),
        ("two sessions", 400, {"X_Coral_SessionId": "other"}),
        ("two agents", 400, {"X_Coral_AgentName": "other"}),
        ("bytes that are no UTF-8", 400, {"tail": f"/{SESSION}/%ff", "drop": ["X-Coral-AgentName"]}),
        ("no session", 400, {"tail": "", "drop": ["X-Coral-SessionId"]}),
    ]:
        answer = call(who, body, **how)
        check(what, (answer.status, answer.body), (status, ""))
    check("JSON with a charset", call(who, Content_Type="application/json; charset=UTF-8").status, 200)
    check("no type", call(who, drop=["Content-Type"]).status, 200)
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        answer = call(who, method=method)
        check(method, (answer.status, answer.headers["Allow"], answer.body), (405, "POST", ""))
    for path in (who + "ever", who.replace("who", "WHO"), who.replace("/coral/", "/")):
        check(path, (call(path).status, call(path).body), (404, ""))
    check("a tool that nobody may ask for", call(who + "ever", X_Coral_Signature="").status, 401)


def main():
    program = subprocess.Popen(sys.argv[1], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env={**os.environ, "CORAL_CUSTOM_TOOL_SECRET": SECRET})
    try:
        flat, cloud = (json.loads(program.stdout.readline()) for _ in range(2))
        urls = {name: entry["transport"]["url"] for name, entry in flat.items()}
        documents(flat, cloud)
        bodies(urls)
        mistakes(urls)
        callers(urls)
        refusals(urls)
        check("the program still runs", program.poll(), None)
    finally:
        program.kill()
        program.wait()
    print(f"outside: {checks} checks passed")


main()
