"""Starts the real program on a data folder of its own and speaks to it as its users would.

Every test file ends with `harness.main(TestClass, …)`, which makes exit status 77 of a skip.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

PROGRAM = os.environ.get("FANSIPAN_PROGRAM", "")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PERMITS = os.path.join(ROOT, "tests", "centers", "permits")
DESK = os.path.join(ROOT, "tests", "centers", "desk")
REPORTS = os.path.join(ROOT, "tests", "centers", "reports")
STATISTICS = os.path.join(ROOT, "tests", "centers", "statistics")
BUDGET = os.path.join(ROOT, "tests", "centers", "budget")
AIR = os.path.join(ROOT, "tests", "centers", "air")
SENSORS = os.path.join(ROOT, "tests", "centers", "sensors")
LAOCAI = os.path.join(ROOT, "centers", "laocai")
# Published data that is not part of the project; FANSIPAN_EXTERNAL names another folder.
EXTERNAL = os.environ.get("FANSIPAN_EXTERNAL",
                          os.path.join(os.path.dirname(ROOT), "shared", "data"))
MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
PASSWORD = "correct horse battery staple"
START_SECONDS = 120
OUTSIDE_API = ("/metrics", "/healthz", "/readyz")


class Answer:
    """Status, headers (lower-case names) and body of one answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json().get("code") if self.body else None


class Server:
    """One process of the program. `wrap` stands before its command line (strace, say)."""

    def __init__(self, center, data=None, wrap=(), program=None, extra=()):
        self.center = center
        self.data = data or tempfile.mkdtemp(prefix="fansipan-system-")
        self.wrap = list(wrap)
        self.program = program or PROGRAM
        self.extra = list(extra)
        self.command = "serve"
        self.asked_port = 0
        self.process = None
        self.port = None
        self.link = None
        self.cookie = None
        self.csrf = None
        self.lines = []

    def start(self):
        command = self.wrap + [self.program, self.command, "--data", self.data, "--center",
                               self.center, "--port", str(self.asked_port), *self.extra]
        self.log = open(self.data + ".log", "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log,
                                        start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError("the server ended at start: see " + self.log.name)
            self.lines.append(line)
            if found := re.search(r"set-up link: http://[^#]+#(\S+)", line):
                self.link = found.group(1)
            if found := re.search(r"serving http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return self
        raise RuntimeError("the server did not start in time")

    def kill(self):
        """The end without warning."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        if self.process:
            self.log.close()
        return self.process.returncode if self.process else None

    def remove(self):
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        if os.path.exists(self.log.name):
            os.unlink(self.log.name)

    def log_text(self):
        with open(self.log.name, encoding="utf-8", errors="replace") as log:
            return log.read()

    def memory(self, field="VmRSS"):
        """Bytes, from /proc: VmRSS as it is, VmHWM at the most since the last forget_peak()."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
        raise AssertionError(f"/proc tells no {field}")

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w", encoding="ascii") as refs:
            refs.write("5")

    def connect(self, timeout=60):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def exchange(self, request, timeout=60, finish=False):
        """Sends bytes as they are and reads one answer; `finish`: nothing more will come."""
        with self.connect(timeout) as connection:
            connection.sendall(request)
            if finish:
                connection.shutdown(socket.SHUT_WR)
            return read_answer(connection)

    def call(self, method, path, body=None, headers=None, **options):
        """Options: timeout, signed_in (False: without the session)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=options.get("timeout", 60))
        signed_in = options.get("signed_in", True)
        head = {"Origin": f"http://127.0.0.1:{self.port}"} if method != "GET" else {}
        if self.cookie and signed_in:
            head["Cookie"] = self.cookie
        if self.csrf and signed_in and method != "GET":
            head["X-CSRF-Token"] = self.csrf
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            head["Content-Type"] = "application/json"
        head.update(headers or {})
        try:
            connection.request(method, path if path in OUTSIDE_API else "/api/v1" + path,
                               body=body, headers=head)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **query):
        pairs = {name: value for name, value in query.items() if value is not None}
        return self.call("GET", path + ("?" + urllib.parse.urlencode(pairs) if pairs else ""))

    def sign_in(self, name="admin"):
        """Completes set-up when there is a link, and signs in."""
        if self.link:
            made = self.call("POST", "/set-up", {"token": self.link, "name": name,
                                                 "display_name": "Administrator",
                                                 "password": PASSWORD})
            self.link = None
        else:
            made = self.call("POST", "/session", {"name": name, "password": PASSWORD})
        if made.status != 201:
            raise AssertionError(f"signing in failed: {made.status} {made.body[:300]}")
        self.cookie = made.headers["set-cookie"].split(";")[0]
        self.csrf = self.get("/session").json()["csrf_token"]
        return self

    def push_token(self, source):
        made = self.call("POST", f"/sources/{source}/tokens", {"label": "test"})
        if made.status != 201:
            raise AssertionError(f"no token: {made.status} {made.body[:300]}")
        return made.json()["token"]

    def push(self, source, token, body, **options):
        """Options: content_type, key (of idempotency), encoding, timeout."""
        headers = {"Authorization": "Bearer " + token,
                   "Content-Type": options.get("content_type", "text/csv")}
        if options.get("key"):
            headers["Idempotency-Key"] = options["key"]
        if options.get("encoding"):
            headers["Content-Encoding"] = options["encoding"]
        return self.call("POST", f"/sources/{source}/deliveries", body, headers,
                         timeout=options.get("timeout", 120), signed_in=False)

    def wait_published(self, answer):
        """An acknowledgement comes before what was acknowledged is published; asks as who is signed in."""
        sequence = answer.json()["sequence"]
        wait_until(lambda: self.get("/sources").json()["snapshot"]["sequence"] >= sequence,
                   f"delivery {sequence} to be published")

    def deliveries(self):
        """All of them by sequence, page by page."""
        found, cursor = {}, None
        while True:
            page = self.get("/deliveries", cursor=cursor).json()
            found.update((delivery["sequence"], delivery) for delivery in page["items"])
            cursor = page["next"]
            if not cursor:
                return found

    def stored_files(self):
        """What lies in the archive."""
        return sorted(os.path.join(folder, name)
                      for folder, _, names in os.walk(os.path.join(self.data, "archive"))
                      for name in names)

    def figure(self, indicator, **query):
        answer = self.get("/figures", indicator=indicator, **query)
        if answer.status != 200:
            raise AssertionError(f"{answer.status}: {answer.body[:300]}")
        return answer.json()["figures"][0]

    def run(self, *arguments, timeout=300):
        """The program's command line on the same data folder."""
        return subprocess.run([self.program, "--data", self.data, *arguments], timeout=timeout,
                              capture_output=True, text=True, errors="backslashreplace",
                              check=False)


def read_answer(connection):
    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response)


def external_file(path):
    """A file of published data; the test is skipped where it is not."""
    found = os.path.join(EXTERNAL, path)
    if not os.path.exists(found):
        raise unittest.SkipTest(f"needs the external file '{path}', which is not here")
    return found


def copied_center(test, center):
    """A copy of a center's folder for a test to change; removed after it (or its class)."""
    folder = tempfile.mkdtemp(prefix="fansipan-center-")
    clean = test.addClassCleanup if isinstance(test, type) else test.addCleanup
    clean(shutil.rmtree, folder)
    return shutil.copytree(center, os.path.join(folder, "center"))


def wait_until(condition, what, seconds=30):
    """Waits for something another process does; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError("it did not happen in time: " + what)


def main(*cases):
    if not PROGRAM:
        print("FANSIPAN_PROGRAM is not set")
        sys.exit(77)
    suite = unittest.TestSuite()
    for case in cases:
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    if result.skipped and result.wasSuccessful() and len(result.skipped) == result.testsRun:
        print(result.skipped[0][1])
        sys.exit(77)
    sys.exit(0 if result.wasSuccessful() else 1)
