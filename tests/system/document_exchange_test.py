"""A document exchange: documents are fetched and reported while both sides are killed and things go wrong."""

import collections
import json
import os
import re
import signal
import subprocess
import tempfile
import unittest

import harness

EXCHANGE = os.path.join(harness.ROOT, "tests", "centers", "exchange")
SECRET = "axis-secret-4711"
DOCUMENTS = 240
KILLS = int(os.environ.get("FANSIPAN_EXCHANGE_KILLS", "6"))
FAULTS = ("late=0.02", "silent=0.01", "duplicated=0.02", "reordered=0.3", "drifted=0.03",
          "truncated=0.04")

SOAP = """    exchange:
      every: 1s
      list:
        url: http://127.0.0.1:8090/soap
        headers: {SOAPAction: "urn:fansipan:exchange:ListDocuments"}
        body: >-
          <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:ListDocuments
          xmlns:x="urn:fansipan:exchange"><x:limit>20</x:limit></x:ListDocuments></s:Body></s:Envelope>
        body_type: xml
        answer: xml
        ids_at: "/*:Envelope/*:Body/*:ListDocumentsResponse/*:documents/*:documentId"
      fetch:
        url: http://127.0.0.1:8090/soap
        headers: {SOAPAction: "urn:fansipan:exchange:GetDocument"}
        body: >-
          <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:GetDocument
          xmlns:x="urn:fansipan:exchange"><x:documentId>{id}</x:documentId></x:GetDocument></s:Body></s:Envelope>
        body_type: xml
        answer: xml
        document: {at: "/*:Envelope/*:Body/*:GetDocumentResponse/*:content", form: base64}
      report:
        url: http://127.0.0.1:8090/soap
        headers: {SOAPAction: "urn:fansipan:exchange:ReportStatus"}
        body: >-
          <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:ReportStatus
          xmlns:x="urn:fansipan:exchange"><x:documentId>{id}</x:documentId><x:status>{status}</x:status><x:reason>{reason}</x:reason></x:ReportStatus></s:Body></s:Envelope>
        body_type: xml
        answer: xml
        success: {at: "/*:Envelope/*:Body/*:ReportStatusResponse/*:result", is: ok}
        received: received
"""


class Simulator:
    """`fansipan simulate document_exchange`, a process of its own."""

    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="fansipan-exchange-")
        self.state = os.path.join(self.folder.name, "state")
        self.secret_file = os.path.join(self.folder.name, "secret")
        with open(self.secret_file, "w", encoding="ascii") as file:
            file.write(SECRET + "\n")
        self.options = options
        self.port = 0
        self.process = None

    def start(self):
        command = [harness.PROGRAM, "--json", "simulate", "document_exchange", "--port",
                   str(self.port), "--state", self.state, "--secret-file", self.secret_file,
                   *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"serving http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise RuntimeError("the simulator did not start: " + line)
        self.port = int(found.group(1))
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """Ends it and gives what it counted."""
        self.process.send_signal(signal.SIGTERM)
        said = self.process.communicate(timeout=60)[0]
        return json.loads(said.strip().splitlines()[-1])

    def reports(self):
        """Status by id; what is reported twice fails."""
        found = {}
        with open(self.state, encoding="utf-8") as file:
            for line in file.read().split("\n")[1:-1]:
                report = json.loads(line)
                if report["id"] in found:
                    raise AssertionError("kept twice: " + report["id"])
                found[report["id"]] = report["status"]
        return found

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.folder.cleanup()


def lost_or_doubled(documents, recorded, reports):
    """What is wrong: `recorded` are ids as often as their rows were accepted."""
    counted = collections.Counter(recorded)
    wrong = [f"{document} accepted {count} times" for document, count in counted.items() if count > 1]
    wrong += [f"{document} is reported and not recorded" for document, status in reports.items()
              if status == "received" and document not in counted]
    wrong += [f"{document} is recorded and not reported" for document in counted
              if document not in reports]
    if len(counted) != documents:
        wrong.append(f"{len(counted)} of {documents} documents are recorded")
    return wrong


class DocumentExchange(unittest.TestCase):
    def simulate(self, *options):
        simulator = Simulator(*options)
        self.addCleanup(simulator.remove)
        return simulator.start()

    def serve(self, simulator, soap=False):
        center = harness.copied_center(self, EXCHANGE)
        path = os.path.join(center, "systems", "documents", "sources.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if soap:
            begin, end = text.index("    exchange:"), text.index("      sign_in:")
            text = text[:begin] + SOAP + text[end:]
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("8090", str(simulator.port)))
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        made = subprocess.run([server.program, "--data", server.data, "secret", "set",
                               "axis_secret"], input=SECRET + "\n", text=True, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        return server.sign_in()

    def recorded(self, server):
        """Ids of the documents, as often as they were accepted."""
        found = []
        for sequence, delivery in server.deliveries().items():
            payload = server.get(f"/deliveries/{sequence}/payload").body
            self.assertIn(b"urn:fansipan:dropped", payload, "bodies are not kept")
            document = re.search(r"<DocumentId>([^<]+)<", payload.decode()).group(1)
            found += [document] * delivery["counts"]["accepted"]
            self.assertEqual(delivery["counts"]["quarantined"], 0)
            self.assertEqual(delivery["counts"]["in_conflict"], 0)
        return found

    def connection(self, server):
        return server.get("/sources").json()["items"][0]["connection"]

    def test_the_comparison_sees_a_loss_and_a_double(self):
        told = {"a": "received"}
        self.assertEqual(lost_or_doubled(1, ["a"], told), [])
        self.assertNotEqual(lost_or_doubled(1, ["a", "a"], told), [])
        self.assertNotEqual(lost_or_doubled(1, [], told), [])
        self.assertNotEqual(lost_or_doubled(1, ["a"], {}), [])
        self.assertNotEqual(lost_or_doubled(2, ["a"], told), [])

    def test_killed_on_both_sides_and_with_faults_it_loses_and_doubles_nothing(self):
        faults = [word for fault in FAULTS for word in ("--fault", fault)]
        simulator = self.simulate("--documents", str(DOCUMENTS), "--late-for", "1s", *faults)
        server = self.serve(simulator)
        in_time = 0  # kills of the server before all was through; a busy machine may miss one
        for number in range(KILLS):
            aim = (number + 1) * DOCUMENTS // (KILLS + 2)
            harness.wait_until(lambda least=aim: len(simulator.reports()) >= least,
                               f"{aim} documents are reported", 180)
            if number % 2:
                simulator.kill()
                simulator.start()
            else:
                in_time += len(simulator.reports()) < DOCUMENTS
                server.kill()
                told = simulator.reports()
                server.start().sign_in()
                lost = set(told) - set(self.recorded(server))
                self.assertEqual(lost, set(), "what was reported was durable before")
        self.assertGreater(in_time, 0, "killed before it was through")
        harness.wait_until(lambda: len(simulator.reports()) == DOCUMENTS, "all are reported", 240)
        reports = simulator.reports()
        self.assertEqual(lost_or_doubled(DOCUMENTS, self.recorded(server), reports), [])
        self.assertEqual(set(reports.values()), {"received"}, "damage on the way refuses nothing")
        figure = server.figure("incoming_documents", period="2026")
        self.assertEqual(float(figure["value"]), DOCUMENTS)
        verified = server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        counts = simulator.stop()
        self.assertEqual((counts["received"], counts["refused"]), (DOCUMENTS, 0))

    def test_in_soap(self):
        simulator = self.simulate("--documents", "30")
        server = self.serve(simulator, soap=True)
        harness.wait_until(lambda: len(simulator.reports()) == 30, "all are reported", 60)
        self.assertEqual(lost_or_doubled(30, self.recorded(server), simulator.reports()), [])
        harness.wait_until(lambda: self.connection(server)["phase"] == "waiting", "it is well")
        self.assertEqual(self.connection(server)["connector"], "exchange")

    def test_what_comes_later_is_taken_and_an_empty_list_is_a_sign_of_life(self):
        simulator = self.simulate("--documents", "0", "--every", "3s")
        server = self.serve(simulator)
        harness.wait_until(lambda: server.get("/sources").json()["items"][0]["last_sign_of_life"],
                           "an empty list shows life")
        harness.wait_until(lambda: len(simulator.reports()) >= 2, "new documents are taken", 60)
        self.assertGreaterEqual(len(self.recorded(server)), 2)

    def test_an_exchange_that_is_gone_is_shown_and_heals(self):
        simulator = self.simulate("--documents", "5")
        simulator.kill()
        server = self.serve(simulator)
        harness.wait_until(lambda: self.connection(server)["reason"] == "no_connection",
                           "the loss is shown", 60)
        simulator.start()
        harness.wait_until(lambda: len(simulator.reports()) == 5, "all are reported", 120)
        self.assertNotIn(SECRET, server.log_text())
        self.assertNotIn(SECRET, server.get("/sources").body.decode())


if __name__ == "__main__":
    harness.main(DocumentExchange)
