"""The simulated registry, asked as a REST source: by cursor, signed in, slowed down, and with faults."""

import os
import subprocess
import tempfile
import unittest

import harness
import document_exchange_test as exchange

PEOPLE = 600
FAULTS = ("late=0.05", "duplicated=0.05", "reordered=0.5", "drifted=0.05", "truncated=0.05")

FILES = {
    "datasets.yaml": """datasets:
  person:
    title: {vi: Người dân, en: Person}
    kind: state
    key: [id]
    order: updated_at
    places: {territory: {column: commune, codes: commune}}
    columns:
      id: {type: text, title: {vi: Mã định danh, en: Identity}}
      commune: {type: text, title: {vi: Xã, en: Commune}}
      updated_at: {type: timestamp, title: {vi: Cập nhật lúc, en: Updated at}}
      birth_year: {type: integer, title: {vi: Năm sinh, en: Year of birth}}
""",
    "indicators.yaml": """measures:
  people: {title: {vi: Người dân, en: People}, dataset: person, flow: updated_at}
indicators:
  people_updated: {title: {vi: Số người được cập nhật, en: People updated}, description: {vi: Số người được cập nhật trong kỳ., en: People updated in the period.}, formula: people, unit_of_measure: person}
""",
    "panels.yaml": """panels:
  people:
    title: {vi: Người dân, en: People}
    items:
      - {figure: people_updated, period: year, trend: 3}
""",
    "mappings/person.sql": "SELECT id, commune, updated_at, birth_year, _row FROM raw\n",
    "sources.yaml": """sources:
  registry:
    title: {vi: Cơ sở dữ liệu dân cư mô phỏng, en: Simulated registry}
    connector: http_pull
    reach: [{host: 127.0.0.1, port: 8091, network: loopback}]
    http_pull:
      url: http://127.0.0.1:8091/api/people
      query: {size: "50", updated_since: "{since}"}
      every: 1s
      paging: {by: cursor, parameter: cursor, next_at: /next}
      since: {by: record, at: /updated_at, start: "2026-01-01T00:00:00Z"}
      sign_in: {by: oauth2, client: fansipan, secret: axis_secret, token_url: "http://127.0.0.1:8091/token"}
      requests_per_minute: 6000
      timeout: 5s
    format: json
    json: {records_at: /items, columns: [id, commune, updated_at, birth_year]}
    mappings: {person: mappings/person.sql}
    simulated: true
"""}
CODES = "".join(f"commune,9900{number},{unit},2000-01-01,,invented\n" for number, unit in
                enumerate(("song_bac", "ban_may", "hoa_ban", "ban_may"), 1))


def declare(test, port):
    center = harness.copied_center(test, exchange.EXCHANGE)
    system = os.path.join(center, "systems", "documents")
    os.unlink(os.path.join(system, "mappings", "document.sql"))
    for name, text in FILES.items():
        with open(os.path.join(system, name), "w", encoding="utf-8") as file:
            file.write(text.replace("8091", str(port)))
    with open(os.path.join(center, "territory", "codes.csv"), "a", encoding="utf-8") as file:
        file.write(CODES)
    return center


class SimulatedRegistry(unittest.TestCase):
    def simulate(self, *options):
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(exchange.SECRET)
        self.addCleanup(os.unlink, file.name)
        process = subprocess.Popen([harness.PROGRAM, "simulate", "registry", "--port", "0",
                                    "--records", str(PEOPLE), "--secret-file", file.name, *options],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        line = process.stdout.readline()
        self.assertIn("serving http://127.0.0.1:", line)
        return int(line.strip().rsplit(":", 1)[1])

    def serve(self, port):
        server = harness.Server(declare(self, port)).start()
        self.addCleanup(server.remove)
        made = subprocess.run([server.program, "--data", server.data, "secret", "set",
                               "axis_secret"], input=exchange.SECRET + "\n", text=True, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        return server.sign_in()

    def accepted(self, server):
        return sum(delivery["counts"]["accepted"] for delivery in server.deliveries().values())

    def test_with_faults_every_person_comes_once(self):
        server = self.serve(self.simulate("--late-for", "1s", *[
            word for fault in FAULTS for word in ("--fault", fault)]))
        harness.wait_until(lambda: self.accepted(server) >= PEOPLE, "all are recorded", 180)
        self.assertEqual(self.accepted(server), PEOPLE)
        self.assertEqual(float(server.figure("people_updated", period="2026")["value"]), PEOPLE)

    def test_a_limit_of_requests_is_kept_to(self):
        server = self.serve(self.simulate("--requests-per-minute", "3"))

        def connection():
            return server.get("/sources").json()["items"][0]["connection"]
        busy = harness.wait_until(
            lambda: (found := connection()) and found["reason"] == "source_busy" and found,
            "it is told to wait")
        self.assertEqual(busy["phase"], "failing")
        self.assertEqual(self.accepted(server), 3 * 50)


if __name__ == "__main__":
    harness.main(SimulatedRegistry)
