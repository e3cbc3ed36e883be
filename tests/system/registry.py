"""A REST registry on loopback, as an office would run it, with faults on demand."""

import hashlib
import http.server
import json
import threading
import time
import urllib.parse

TOKEN = "registry-token-4711"
PAGE = 20
CASES = 7


def event(number):
    """One record; `rev` grows with each, and so does its moment."""
    moment = f"2026-01-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00Z"
    return {"rev": number, "case:concept:name": f"case-{number % CASES}", "case:channel": "Desk",
            "case:department": "General", "case:startdate": "2026-01-01T00:00:00Z",
            "case:deadline": "2026-03-01T00:00:00Z", "case:enddate": None,
            "concept:instance": f"event-{number}", "concept:name": "T02 Check",
            "org:resource": "R1", "time:timestamp": moment}


class Registry:
    """Serves records with `rev` above `since`, PAGE at a time, by cursor. `delay`: of each page."""

    def __init__(self, records, delay=0.0, tls=None):
        """`tls`: a server's ssl.SSLContext."""
        self.records = records
        self.delay = delay
        self.held_from = None  # records from this one on are kept back for now
        self.gate = threading.Condition()
        self.fault = None  # what is done instead of answering
        self.asked = []
        self.pages = {}  # hash of a page that was sent → its records
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                registry.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.hold(None)
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query))
        self.asked.append((query, dict(request.headers)))
        time.sleep(self.delay)
        try:
            if self.fault:
                return self.fault(request)
            if request.headers.get("Authorization") != "Bearer " + TOKEN:
                return send(request, 401, "application/json", b"{}")
            start = int(query.get("cursor", "0"))
            with self.gate:
                self.gate.wait_for(lambda: self.held_from is None or start < self.held_from)
            body = self.page(int(query["since"]), start)
            return send(request, 200, "application/json", body)
        except (BrokenPipeError, ConnectionResetError):
            return None  # the other end was killed

    def hold(self, held_from):
        with self.gate:
            self.held_from = held_from
            self.gate.notify_all()

    def page(self, since, start):
        found = [number for number in range(self.records) if number > since]
        items = [event(number) for number in found[start:start + PAGE]]
        more = start + PAGE < len(found)
        body = json.dumps({"items": items, "next": str(start + PAGE) if more else None}).encode()
        self.pages[hashlib.sha256(body).hexdigest()] = len(items)
        return body


def send(request, status, content_type, body):
    request.send_response(status)
    request.send_header("Content-Type", content_type)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


SOURCES = """sources:
  permit_log:
    title: {{en: Event log of the permit process}}
    owner: {{en: The municipality}}
    connector: http_pull
    reach: [{{host: 127.0.0.1, port: {port}, network: loopback}}]
    http_pull:
      url: http://127.0.0.1:{port}/events
      query: {{since: "{{since}}"}}
      headers: {{X-Road-Client: TEST/GOV/1/IOC}}
      every: {every}
      paging: {{by: cursor, parameter: cursor, next_at: /next}}
      since: {{by: record, at: /rev, start: "-1"}}
      sign_in: {{by: bearer, secret: registry_token}}
      requests_per_minute: 6000
      timeout: 20s
    format: json
    json:
      records_at: /items
      columns: ["case:channel", "case:concept:name", "case:deadline", "case:department", "case:enddate",
                "case:startdate", "concept:instance", "concept:name", "org:resource", "time:timestamp"]
    mappings: {{permit: mappings/permit.sql, permit_event: mappings/permit_event.sql}}
    silent_after: 1h
"""


def page_for_people(request):
    """What a portal answers when nobody is signed in."""
    send(request, 200, "text/html", b"<html>Please sign in")


def trickle(request):
    """A byte now and then, of an answer that never ends."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    while True:
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.05)


def endless(request):
    """As fast as it goes, for ever."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    while True:
        request.wfile.write(b" " * 65_536)
