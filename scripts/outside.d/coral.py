"""Imitates Coral: starts the program in the first argument, calls its tools over sockets, and checks the responses."""

import hashlib
import hmac
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import urllib.parse

SECRET = "test-secret"
SESSION = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11"
# The characters that Coral does not escape in a path.
UNESCAPED = "-._~:@!$&'()*+,;=/"
checks = 0


def check(subject, actual, expected):
    global checks
    checks += 1
    if actual != expected:
        sys.exit(f"{subject}:\n  actual   {actual!r}\n  expected {expected!r}")


def sign(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def serialize(arguments):
    """Serializes JSON as Coral does: indented by four spaces, an empty object or array on one line."""
    return json.dumps(arguments, indent=4, ensure_ascii=False).encode()


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


def exchange(address, head, body):
    """Sends one request on a new connection, byte for byte."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(head + body)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return Response(response.status, response.headers, response.read().decode())


def call(url, body=b"null", *, agent="report-writer", session=SESSION, namespace="default", tail=None, method="POST",
         drop=(), **changed):
    """Calls the tool at `url`. Names of `changed` headers have `_` for `-`; headers in `drop` are not sent."""
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


def call_tool(url, body, **changes):
    """Calls the tool at `url`. Returns the result that the agent reads; the status must be 200."""
    response = call(url, body, **changes)
    check(f"status of {url} with {body!r}", response.status, 200)
    check(f"content type of {url}", response.headers["Content-Type"], "application/json")
    return response.json()


def problem_locations(url, body):
    """Calls the tool at `url` with invalid arguments. Returns the locations of the reported problems; `None` if the arguments
    are not JSON and therefore have no locations."""
    result = call_tool(url, body)
    check(f"failure of {url} with {body!r}", result["success"], False)
    check("an error message", bool(result["error"]), True)
    return sorted(detail["path"] for detail in result["details"]) if "details" in result else None


def check_custom_tools(flat, cloud):
    check("tools", list(flat), ["submit_report", "who", "add", "mirror", "plain", "broken", "explode"])
    check("tools in the form of the guide", list(cloud), list(flat))
    for name, entry in flat.items():
        check(f"keys of {name}", set(entry) - {"annotations"}, {"transport", "description", "inputSchema", "outputSchema"})
        check(f"form of {name}", cloud[name]["schema"]["name"], name)
        check(f"header of {name}", entry["transport"]["signatureHeader"], "X-Coral-Signature")
        for schema in (entry["inputSchema"], entry["outputSchema"]):
            check(f"root of {name}", set(schema) - {"$defs"}, {"type", "properties", "required"})
    check("required", flat["submit_report"]["inputSchema"]["required"], ["title", "content"])
    check("hints", flat["submit_report"]["annotations"], {"idempotentHint": True})


def check_bodies(urls):
    who = {"tool": "who", "session": SESSION, "agent": "report-writer", "namespace": "default"}
    for body in (b"null", b"{}", b"", b" null\n", b"{\n}"):
        check(f"no arguments as {body!r}", call_tool(urls["who"], body), who)
    report = serialize({"title": "Zoë ☃ \u2028", "content": "# Done\t\u0007\n/"})
    check("a report", call_tool(urls["submit_report"], report), {"report_id": "Zoë ☃ \u2028-10", "customer": "Ada"})
    escaped = json.dumps({"title": "Zoë 😀", "content": "x"}).encode()
    check("escapes", call_tool(urls["submit_report"], escaped)["report_id"], "Zoë 😀-1")
    for body, sum_ in [(b'{"a": 5.0}', 6), (b'{"a": 1e3}', 1001), (b'{"a": 5, "b": -0}', 5), (b'{"a": 5, "b": null}', 6),
                       (b'{"a": 1, "b": -1000.0}', -999), (b'{"a": 1, "b": 0, "times": 1.0E-7}', 1e-7)]:
        check(f"sum of {body!r}", call_tool(urls["add"], body), {"result": sum_})
    shape = {"kind": "group", "of": [{"kind": "circle", "radius": 1.5}], "names": {"a/b": 1, "☃": 2}}
    for note in ({}, {"note": None}):
        check("a shape", call_tool(urls["mirror"], serialize({"shape": shape, **note})), {"result": [shape, None]})


def check_integers(url):
    """Integers with a decimal point or an exponent arrive exactly, or are rejected."""
    draw = random.Random(53)
    integers = [draw.randint(1 - 2**53, 2**53 - 1) for _ in range(20000)]
    for start in range(0, len(integers), 2000):
        part = integers[start:start + 2000]
        for form in (lambda whole: f"{whole}.0", lambda whole: f"{whole}00e-2", lambda whole: f"{whole}E0"):
            body = f'{{"integers": [{", ".join(map(form, part))}]}}'.encode()
            check("integers", call_tool(url, body), {"result": [str(whole) for whole in part]})
    for whole in (2**53, 2**53 + 1, -2**53, 2**62):
        check(f"the location of {whole}.0", problem_locations(url, f'{{"integers": [{whole}.0]}}'.encode()), ["integers[0]"])
        check(f"{whole}", call_tool(url, f'{{"integers": [{whole}]}}'.encode()), {"result": [str(whole)]})


def check_invalid_arguments(urls):
    for body, locations in [
        (b"{}", ["a"]),
        (b'{"a": 1.5}', ["a"]),
        (b'{"a": "5"}', ["a"]),
        (b'{"a": -1, "b": true, "times": []}', ["a", "b", "times"]),
        (b'{"a": 4294967296}', ["a"]),
        (b'{"a": 1.8446744073709552E19}', ["a"]),
        (b'{"a": 1, "A": 2}', ["A"]),
        (b'{"a": 1, "a": 2}', ["a"]),
        (b"[]", [""]),
        (b"{", None),
        (b"\xff", None),
    ]:
        check(f"locations in {body!r}", problem_locations(urls["add"], body), locations)
    result = call_tool(urls["submit_report"], serialize({"titel": "hunter2", "content": "", "stars": "hunter2"}))
    check("values are not repeated", "hunter2" in json.dumps(result), False)
    suggestions = [detail.get("didYouMean") for detail in result["details"] if detail["path"] == "titel"]
    check("suggestion", suggestions, ["title"])
    taken = call_tool(urls["submit_report"], serialize({"title": "taken", "content": "x"}))
    check("an error of the tool", taken, {"success": False, "error": "a report with this title exists; choose another"})
    for tool in ("broken", "explode"):
        check(f"the error of {tool} contains no details", call_tool(urls[tool], b"null"), {"success": False, "error": "the tool failed"})


def check_callers(urls):
    for agent in ["report-writer", "Zoë 1", "a/b", "a+b", "a:b@c", "100%", "..", "?#\"", "日本"]:
        check(f"agent {agent!r}", call_tool(urls["who"], b"null", agent=agent)["agent"], agent)
        by_path = call_tool(urls["who"], b"null", agent=agent, drop=["X-Coral-AgentName"])
        check(f"agent {agent!r} in the path", by_path["agent"], agent)
        by_header = call_tool(urls["who"], b"null", agent=agent, tail="")
        check(f"agent {agent!r} in the header", (by_header["agent"], by_header["session"]), (agent, SESSION))
    check("namespace", call_tool(urls["who"], b"null", namespace="Große Räume")["namespace"], "Große Räume")
    for url in (urls["who"] + "/", urls["who"] + "///", urls["who"] + "?k=v&x=1", urls["who"].replace("/who", "//who")):
        check(f"call of {url}", call_tool(url, b"null")["agent"], "report-writer")
    check("a trailing slash", call_tool(urls["who"], b"null", tail=f"/{SESSION}/report-writer/")["agent"], "report-writer")
    body = serialize({"title": "t", "content": "x"})
    unknown = call(urls["submit_report"], body, session="6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364")
    check("an unknown session", (unknown.status, unknown.json()), (400, {"success": False, "error": "Invalid session"}))


def check_rejections(urls):
    who = urls["who"]
    body = b"null"
    check("a signature in upper case", call(who, X_Coral_Signature=sign(body).upper()).status, 200)
    check("a known signature", sign(body), "8ca2b70c2d5d388607af2ee15f5c12bbb7bab96c0ca36f9afde482f7b3a78ab6")
    for subject, status, changes in [
        ("no signature", 401, {"drop": ["X-Coral-Signature"]}),
        ("an empty signature", 401, {"X_Coral_Signature": ""}),
        ("the signature of another body", 401, {"X_Coral_Signature": sign(b"{}")}),
        ("the signature of another secret", 401, {"X_Coral_Signature": sign(body, "other")}),
        ("a signature with a prefix", 401, {"X_Coral_Signature": "sha256=" + sign(body)}),
        ("a signature that is not hex", 401, {"X_Coral_Signature": "z" * 64}),
        ("form data", 415, {"Content_Type": "application/x-www-form-urlencoded"}),
        ("gzip", 415, {"Content_Encoding": "gzip"}),
        ("5 MiB", 413, {"Content_Length": str(5 << 20)}),
        ("two sessions", 400, {"X_Coral_SessionId": "other"}),
        ("two agents", 400, {"X_Coral_AgentName": "other"}),
        ("an agent name that is not UTF-8", 400, {"tail": f"/{SESSION}/%ff", "drop": ["X-Coral-AgentName"]}),
        ("no session", 400, {"tail": "", "drop": ["X-Coral-SessionId"]}),
    ]:
        response = call(who, body, **changes)
        check(subject, (response.status, response.body), (status, ""))
    check("JSON with a charset", call(who, Content_Type="application/json; charset=UTF-8").status, 200)
    check("no content type", call(who, drop=["Content-Type"]).status, 200)
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        response = call(who, method=method)
        check(method, (response.status, response.headers["Allow"], response.body), (405, "POST", ""))
    for path in (who + "ever", who.replace("who", "WHO"), who.replace("/coral/", "/")):
        check(path, (call(path).status, call(path).body), (404, ""))
    check("an unknown tool without a signature", call(who + "ever", X_Coral_Signature="").status, 401)


def main():
    program = subprocess.Popen(sys.argv[1], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env={**os.environ, "CORAL_CUSTOM_TOOL_SECRET": SECRET})
    try:
        flat, cloud = (json.loads(program.stdout.readline()) for _ in range(2))
        urls = {name: entry["transport"]["url"] for name, entry in flat.items()}
        check_custom_tools(flat, cloud)
        check_bodies(urls)
        check_integers(urls["plain"])
        check_invalid_arguments(urls)
        check_callers(urls)
        check_rejections(urls)
        check("the program still runs", program.poll(), None)
    finally:
        program.kill()
        program.wait()
    print(f"outside: {checks} checks passed")


main()
