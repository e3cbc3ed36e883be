"""A REST source: asked page by page, killed in mid-flight, and everything a source can do wrong."""

import collections
import http.server
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import harness
import registry

RECORDS = 1_000
KILLS = int(os.environ.get("FANSIPAN_PULL_KILLS", "5"))


def declare(test, port, every="1s"):
    """A copy of the permits center whose source is the registry at this port."""
    center = harness.copied_center(test, harness.PERMITS)
    path = os.path.join(center, "systems", "permits", "sources.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(registry.SOURCES.format(port=port, every=every))
    shutil.rmtree(os.path.join(center, "systems", "permits", "tests"), ignore_errors=True)
    return center


def lost_or_doubled(deliveries, pages):
    """What is wrong with the pages that were recorded, against those the registry sent."""
    recorded = collections.Counter(delivery["payload_sha256"] for delivery in deliveries)
    wrong = [f"page {page} recorded {count} times" for page, count in recorded.items() if count > 1]
    wrong += [f"page {page} was never sent" for page in recorded if page not in pages]
    return wrong + [f"page {page} is lost" for page, rows in pages.items()
                    if rows and page not in recorded]


class RestSource(unittest.TestCase):
    def serve(self, source, every="1s", secret=True):
        server = harness.Server(declare(self, source.port, every)).start()
        self.addCleanup(server.remove)
        if secret:
            self.set_secret(server)
        return server.sign_in()

    def start_registry(self, records, **options):
        source = registry.Registry(records, **options)
        self.addCleanup(source.close)
        return source

    def set_secret(self, server, value=registry.TOKEN):
        made = subprocess.run([server.program, "--data", server.data, "secret", "set",
                               "registry_token"], input=value + "\n", text=True, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)

    def connection(self, server):
        return server.get("/sources").json()["items"][0]["connection"]

    def wait_for_rows(self, server, rows, seconds=120):
        def all_here():
            found = server.deliveries().values()
            return sum(delivery["counts"]["raw_rows"] for delivery in found) >= rows
        harness.wait_until(all_here, f"{rows} rows are recorded", seconds)

    def test_the_comparison_sees_a_loss_and_a_double(self):
        page = {"payload_sha256": "a"}
        self.assertEqual(lost_or_doubled([page], {"a": 1}), [])
        self.assertNotEqual(lost_or_doubled([page, page], {"a": 1}), [])
        self.assertNotEqual(lost_or_doubled([], {"a": 1}), [])
        self.assertNotEqual(lost_or_doubled([page], {}), [])

    def test_killed_in_mid_flight_it_loses_and_doubles_nothing(self):
        source = self.start_registry(RECORDS)
        server = self.serve(source)
        pages = RECORDS // registry.PAGE
        recorded = []
        for number in range(KILLS):
            aim = (number + 1) * pages // (KILLS + 2)
            source.hold((aim + 2) * registry.PAGE)
            harness.wait_until(lambda least=aim: len(server.deliveries()) >= least,
                               f"{aim} pages are recorded", 60)
            recorded.append(len(server.deliveries()))
            server.kill()
            server.start().sign_in()
        self.assertLess(recorded[-1], pages, "it was killed before it was through")
        source.hold(None)
        self.wait_for_rows(server, RECORDS)
        deliveries = server.deliveries().values()
        self.assertEqual(lost_or_doubled(deliveries, source.pages), [])
        self.assertEqual(len(deliveries), pages)
        self.assertEqual(sum(d["counts"]["accepted"] for d in deliveries),
                         RECORDS + pages * registry.CASES)
        for kind in ("repeated", "in_conflict", "quarantined"):
            self.assertEqual(sum(d["counts"][kind] for d in deliveries), 0, kind)
        verified = server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        # It goes on from the last record, and what is new comes alone.
        source.records += 5
        self.wait_for_rows(server, RECORDS + 5)
        self.assertEqual(len(server.deliveries()), pages + 1)
        last = [query for query, _ in source.asked if query["since"] == str(RECORDS - 1)]
        self.assertTrue(last, "the position is the largest revision seen")

    def test_a_missing_secret_is_said_and_heals(self):
        source = self.start_registry(10)
        server = self.serve(source, secret=False)
        failing = harness.wait_until(
            lambda: (found := self.connection(server)) and found["phase"] == "failing" and found,
            "the source fails")
        self.assertEqual(failing["reason"], "secret_missing")
        self.assertIn("fansipan secret set registry_token", failing["message"])
        self.assertEqual(source.asked, [], "nothing is asked without the secret")
        check = server.run("check", server.center)
        self.assertIn("registry_token", check.stdout)
        self.set_secret(server, "wrong")
        harness.wait_until(lambda: self.connection(server)["reason"] == "sign_in_refused",
                           "the wrong secret is refused")
        self.set_secret(server)
        self.wait_for_rows(server, 10)
        harness.wait_until(lambda: self.connection(server)["phase"] == "waiting", "it is well again")
        self.assertEqual(source.asked[-1][1]["X-Road-Client"], "TEST/GOV/1/IOC")
        self.look_for_the_secret(server)

    def look_for_the_secret(self, server):
        """Nowhere in what is stored, logged, listed or answered."""
        listed = server.run("secret", "list")
        self.assertIn("registry_token", listed.stdout)
        texts = [listed.stdout, server.log_text(), server.get("/sources").body.decode(),
                 server.get("/secrets").body.decode(), server.call("GET", "/metrics").body.decode()]
        self.assertFalse([text for text in texts if registry.TOKEN in text])
        self.assertEqual(server.get("/secrets/registry_token").status, 405)
        for folder, _, names in os.walk(server.data):
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    self.assertNotIn(registry.TOKEN.encode(), file.read(), path)
        self.assertEqual(server.run("secret", "remove", "registry_token").returncode, 0)
        self.assertRegex(server.run("secret", "list").stdout, r"registry_token +not set")

    def test_an_empty_answer_is_a_sign_of_life(self):
        source = self.start_registry(0)
        server = self.serve(source)

        def alive():
            return server.get("/sources").json()["items"][0]["last_sign_of_life"]
        first = harness.wait_until(alive, "an empty answer shows life")
        harness.wait_until(lambda: alive() > first, "and again")
        self.assertEqual(len(server.deliveries()), 0)

    def test_a_bad_answer_is_shown_and_backed_off(self):
        source = self.start_registry(10)
        source.fault = registry.page_for_people
        server = self.serve(source)
        harness.wait_until(lambda: self.connection(server)["failures"] >= 2, "it fails twice")
        shown = self.connection(server)
        self.assertEqual(shown["reason"], "wrong_media_type")
        self.assertIsNone(shown["last_contact"])
        self.assertEqual(len(server.deliveries()), 0)
        metrics = server.call("GET", "/metrics").body.decode()
        self.assertRegex(metrics, r'fansipan_connector_state\{[^}]*source="permit_log"\} 3')
        source.fault = None
        self.wait_for_rows(server, 10)

    def test_a_failure_that_lasts_marks_the_figures_and_is_one_event(self):
        source = self.start_registry(10)
        server = self.serve(source)
        self.wait_for_rows(server, 10)
        fed = server.get("/sources").json()["items"][0]["feeds"]

        def marks():
            return server.figure(fed[0]["indicator"], period="2026-03")["trust_marks"]
        self.assertNotIn("failing", marks())
        source.fault = registry.page_for_people
        harness.wait_until(lambda: "failing" in marks(), "the figures are marked", 60)
        events = server.get("/source-events").json()["items"]
        self.assertEqual([(event["state"], event["closed_at"], event["feeds"]) for event in events],
                         [("failing", None, len(fed))])
        shown = server.get("/sources/permit_log").json()["source"]
        self.assertEqual((shown["state"], shown["answer"], shown["trouble"]["reason"]),
                         ("failing", "none", "wrong_media_type"))
        server.kill()
        server.start().sign_in()
        self.assertIn("failing", marks(), "a restart knows it")
        source.fault = None
        harness.wait_until(lambda: "failing" not in marks(), "it answers again", 60)
        closed = server.get("/source-events").json()["items"]
        self.assertEqual([event["opened_at"] for event in closed], [events[0]["opened_at"]])
        self.assertIsNotNone(closed[0]["closed_at"])

    def test_a_paused_source_is_not_asked(self):
        source = self.start_registry(10)
        server = self.serve(source)
        self.wait_for_rows(server, 10)
        self.assertEqual(server.run("source", "pause", "permit_log", "--reason", "x").returncode, 0)
        self.assertEqual(self.connection(server)["phase"], "paused", "it shows at once")
        stands_still = r'fansipan_connector_state\{[^}]*source="permit_log"\} 4'
        harness.wait_until(
            lambda: re.search(stands_still, server.call("GET", "/metrics").body.decode()),
            "what was under way has ended")
        asked = len(source.asked)
        source.records += 5
        for _ in range(5):
            self.assertEqual(server.run("source", "list").returncode, 0)
        self.assertEqual(len(source.asked), asked)
        self.assertEqual(server.run("source", "resume", "permit_log").returncode, 0)
        self.assertNotEqual(self.connection(server)["phase"], "paused", "it shows at once")
        self.wait_for_rows(server, 15)

    def test_bad_neighbours_hold_up_nobody(self):
        good = self.start_registry(10)
        faults = [registry.page_for_people, registry.trickle, registry.endless]
        bad = [self.start_registry(10) for _ in faults]
        for source, fault in zip(bad, faults):
            source.fault = fault
        center = declare(self, good.port)
        path = os.path.join(center, "systems", "permits", "sources.yaml")
        with open(path, "a", encoding="utf-8") as file:
            for number, source in enumerate(bad):
                text = registry.SOURCES.format(port=source.port, every="1s")
                text = text.replace("timeout: 20s", "timeout: 2s").replace("permit_log", f"bad_{number}")
                file.write(text.split("\n", 1)[1])
                file.write("    limits: {payload: 1MB}\n")
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        self.set_secret(server)
        server.sign_in()

        def connections():
            return {item["name"]: item["connection"] for item in server.get("/sources").json()["items"]}
        harness.wait_until(lambda: all(connections()[f"bad_{number}"]["failures"] >= 2
                                       for number in range(len(bad))), "the bad ones fail", 60)
        reasons = [connections()[f"bad_{number}"]["reason"] for number in range(len(bad))]
        self.assertEqual(reasons, ["wrong_media_type", "source_timeout", "answer_too_large"])
        self.assertLess(server.memory(), 1_000_000_000)
        before = len(good.asked)
        harness.wait_until(lambda: len(good.asked) >= before + 3, "the good one is asked on time", 10)
        self.assertIsNone(connections()["permit_log"]["failing_since"])
        self.assertEqual({d["source"] for d in server.deliveries().values()}, {"permit_log"})

    def test_an_untrusted_certificate_gets_no_secret(self):
        folder = tempfile.mkdtemp(prefix="fansipan-tls-")
        self.addCleanup(shutil.rmtree, folder)
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        source = self.start_registry(10, tls=tls)
        center = declare(self, source.port)
        path = os.path.join(center, "systems", "permits", "sources.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("http://", "https://"))
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        self.set_secret(server)
        server.sign_in()
        harness.wait_until(lambda: self.connection(server)["reason"] == "certificate_refused",
                           "the certificate is refused")
        self.assertEqual(source.asked, [])

    def test_a_stop_during_a_hanging_answer_is_quick(self):
        source = self.start_registry(10, delay=15)
        server = self.serve(source)
        harness.wait_until(lambda: source.asked, "it is asked")
        begun = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - begun, 8)

    def test_an_undeclared_place_is_refused_by_check(self):
        source = self.start_registry(0)
        center = declare(self, source.port)
        path = os.path.join(center, "systems", "permits", "sources.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("network: loopback", "network: public"))
        checked = subprocess.run([harness.PROGRAM, "check", center], capture_output=True, text=True,
                                 timeout=60, check=False)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("lies in the network loopback", checked.stderr)


class StaticFile(unittest.TestCase):
    """A file behind a web server that says by ETag and date whether it changed."""

    def test_an_unchanged_file_is_asked_for_and_not_sent(self):
        center, served = self.make()
        server = harness.Server(center).start().sign_in()
        self.addCleanup(server.remove)
        harness.wait_until(lambda: len(server.deliveries()) == 1, "the file is taken")
        harness.wait_until(lambda: served.not_modified >= 2, "it is not sent again")
        self.assertEqual(len(server.deliveries()), 1)
        served.body = served.body.replace(b"event-1", b"event-9")
        harness.wait_until(lambda: len(server.deliveries()) == 2, "the changed file is taken")

    def make(self):
        served = Served()
        self.addCleanup(served.close)
        center = declare(self, served.port)
        path = os.path.join(center, "systems", "permits", "sources.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for line in ("query:", "paging:", "since:", "sign_in:"):
            begin = text.index("      " + line)
            text = text[:begin] + text[text.index("\n", begin) + 1:]
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return center, served


class Served:
    """One body with an ETag."""

    def __init__(self):
        self.body = registry.json.dumps({"items": [registry.event(1)]}).encode()
        self.not_modified = 0
        served = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                tag = '"' + registry.hashlib.sha256(served.body).hexdigest()[:16] + '"'
                same = self.headers.get("If-None-Match") == tag
                served.not_modified += same
                self.send_response(304 if same else 200)
                self.send_header("ETag", tag)
                if not same:
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(served.body)))
                self.end_headers()
                if not same:
                    self.wfile.write(served.body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    harness.main(RestSource, StaticFile)
