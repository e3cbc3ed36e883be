"""A source is tried before it is applied: what it sends is shown, and nothing of it stays anywhere."""

import json
import os
import shutil
import signal
import subprocess
import unittest

import broker as mosquitto
import harness
import mqtt_source_test
import postgres
import postgres_source_test
import registry

RECORDS = 50


class SourceTry(unittest.TestCase):
    """The running center has the source as one that sends by itself; the draft has it asked."""

    def serve(self, center=harness.PERMITS):
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        return server.sign_in()

    def declare_registry(self, port):
        draft = harness.copied_center(self, harness.PERMITS)
        system = os.path.join(draft, "systems", "permits")
        with open(os.path.join(system, "sources.yaml"), "w", encoding="utf-8") as file:
            file.write(registry.SOURCES.format(port=port, every="1s"))
        shutil.rmtree(os.path.join(system, "tests"), ignore_errors=True)
        return draft

    def start_registry(self):
        source = registry.Registry(RECORDS)
        self.addCleanup(source.close)
        return source, self.declare_registry(source.port)

    def set_secret(self, server, value=registry.TOKEN):
        made = subprocess.run([server.program, "--data", server.data, "secret", "set",
                               "registry_token"], input=value + "\n", text=True, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)

    def tried(self, server, *arguments):
        result = server.run("--json", "source", "try", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def refused(self, server, said, *arguments):
        result = server.run("source", "try", *arguments)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(said, result.stderr + result.stdout)
        return result.stdout

    def check_nothing_stays(self, server):
        self.assertEqual(server.deliveries(), {})
        self.assertEqual(server.stored_files(), server.stored_before)
        self.assertNotIn("http_pull", server.call("GET", "/metrics").body.decode())

    def test_a_registry_before_it_is_applied(self):
        source, draft = self.start_registry()
        server = self.serve()
        server.stored_before = server.stored_files()
        self.refused(server, "fansipan secret set registry_token", "permit_log", "--center", draft)
        self.assertEqual(source.asked, [])
        self.set_secret(server, "wrong")
        self.refused(server, "refuses the sign-in", "permit_log", "--center", draft)
        self.set_secret(server)
        source.asked.clear()

        shown = self.tried(server, "permit_log", "--center", draft, "--rows", "2")
        self.assertEqual(len(source.asked), 1, "one page is asked for, once")
        trial = shown["trial"]
        self.assertEqual(trial["counts"]["raw_rows"], registry.PAGE)
        self.assertEqual(trial["counts"]["accepted"], registry.PAGE + registry.CASES)
        self.assertEqual([row["raw_row"] for row in trial["rows"]], [1, 2])
        self.assertIn("case-0", trial["rows"][0]["raw"])
        self.assertEqual({candidate["dataset"] for row in trial["rows"]
                          for candidate in row["candidates"]}, {"permit", "permit_event"})
        self.assertTrue(shown["begins"].startswith('{"items"'))
        said = server.run("source", "try", "permit_log", "--center", draft).stdout
        self.assertIn("mapped   permit_event: ", said)
        self.assertIn("nothing was recorded", said)
        self.check_nothing_stays(server)
        texts = json.dumps(shown) + said + server.log_text()
        self.assertNotIn(registry.TOKEN, texts)

    def test_a_mapping_that_fails_shows_what_came(self):
        source, draft = self.start_registry()
        server = self.serve()
        self.set_secret(server)
        mapping = os.path.join(draft, "systems", "permits", "mappings", "permit.sql")
        with open(mapping, encoding="utf-8") as file:
            text = file.read()
        with open(mapping, "w", encoding="utf-8") as file:
            file.write(text.replace("' ', '-')", "' ', 1/0 || nothing)"))
        said = self.refused(server, "mapping_failed", "permit_log", "--center", draft)
        self.assertIn('begins   {"items"', said)
        self.assertEqual(len(source.asked), 1)
        with open(mapping, "w", encoding="utf-8") as file:
            file.write("SELECT")
        self.refused(server, "permit.sql", "permit_log", "--center", draft)
        self.assertEqual(len(source.asked), 1, "of a folder with problems nothing is asked")

    def test_the_source_of_the_running_center_keeps_its_place(self):
        source, draft = self.start_registry()
        server = harness.Server(draft).start()
        self.addCleanup(server.remove)
        self.set_secret(server)
        server.sign_in()

        def all_here():
            return sum(delivery["counts"]["raw_rows"]
                       for delivery in server.deliveries().values()) == RECORDS
        harness.wait_until(all_here, "all is recorded", 60)
        recorded = server.deliveries().keys()
        shown = self.tried(server, "permit_log")
        self.assertEqual(shown["trial"]["counts"]["raw_rows"], registry.PAGE)
        source.records += 3
        harness.wait_until(lambda: len(server.deliveries()) > len(recorded), "what is new comes", 60)
        newest = max(server.deliveries().values(), key=lambda delivery: delivery["sequence"])
        self.assertEqual(newest["counts"]["raw_rows"], 3)
        self.assertEqual(server.run("source", "pause", "permit_log", "--reason", "test").returncode, 0)
        self.refused(server, "paus", "permit_log")
        self.refused(server, "permit_log", "permit_lgo")

    def test_it_ends_with_its_command(self):
        source, draft = self.start_registry()
        server = self.serve()
        self.set_secret(server)
        source.hold(0)
        command = [server.program, "--data", server.data, "source", "try", "permit_log", "--center",
                   draft]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as waiting:
            harness.wait_until(lambda: source.asked, "the source is asked")
            self.refused(server, "another source is being tried", "permit_log", "--center", draft)
            waiting.send_signal(signal.SIGINT)
            waiting.communicate(timeout=30)
        source.hold(None)
        # Well before the limit of a trial and the timeout of the request.
        harness.wait_until(lambda: server.run("source", "try", "permit_log", "--center",
                                              draft).returncode == 0, "the trial has ended", 10)

    def test_a_source_that_sends_by_itself(self):
        server = self.serve()
        self.refused(server, "comes by itself", "permit_log")

    def test_a_broker_whose_center_runs(self):
        broker = mosquitto.Broker()
        self.addCleanup(broker.remove)
        center = harness.copied_center(self, harness.SENSORS)
        path = os.path.join(center, "systems", "sensors", "sources.yaml")
        with open(path, encoding="utf-8") as file:
            declared = file.read().replace("1883", str(broker.port))
        with open(path, "w", encoding="utf-8") as file:
            file.write(declared)
        server = self.serve(center)

        def connection():
            return server.get("/sources").json()["items"][0]["connection"]
        harness.wait_until(lambda: connection()["last_contact"], "the broker answers", 60)
        device = mosquitto.Device(broker.port)
        topic, payload = mqtt_source_test.reading(1)
        device.publish(topic, payload, retained=True)
        harness.wait_until(lambda: len(server.deliveries()) == 1, "the reading is recorded", 60)
        shown = self.tried(server, "sensors")
        self.assertEqual(shown["trial"]["counts"]["accepted"], 1)
        self.assertIn('"retained":true', shown["trial"]["rows"][0]["raw"])
        self.assertEqual(len(server.deliveries()), 1)
        # The session of the one that runs was not taken over.
        self.assertEqual(connection()["failures"], 0)
        device.publish(*mqtt_source_test.reading(2))
        harness.wait_until(lambda: len(server.deliveries()) == 2, "the next one is recorded", 60)

    def test_a_database_before_it_is_applied(self):
        cluster = postgres.Cluster(None)
        self.addCleanup(cluster.remove)
        cluster.add(0, 100)
        draft = postgres.declare(harness.copied_center(self, harness.PERMITS),
                                 postgres_source_test.declaration(cluster.port))
        server = self.serve()
        postgres.set_secret(server)
        shown = self.tried(server, "permit_log", "--center", draft)
        self.assertEqual(shown["trial"]["counts"]["raw_rows"], postgres_source_test.PIECE)
        self.assertIn("event-0", shown["begins"])
        self.assertEqual(server.deliveries(), {})


if __name__ == "__main__":
    harness.main(SourceTry)
