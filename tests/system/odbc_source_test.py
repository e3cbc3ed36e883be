"""Databases over ODBC: PostgreSQL by its driver, and SQLite."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import harness
import postgres
import postgres_source_test

ROWS = 300
CONNECTOR = """    connector: odbc
    odbc:
      driver: {driver}
      attributes: {attributes}
      query: queries/events.sql
      every: 1s
      since: {since}
      piece: 40
      sign_in: {{user: ioc, secret: registry_password}}
      timeout: 20s
"""
SQLITE_QUERY = """SELECT event_id, revision, event_id AS "concept:instance", 'Desk' AS "case:channel",
       'case-' || revision % 7 AS "case:concept:name", 'General' AS "case:department",
       '2026-01-01T00:00:00Z' AS "case:startdate", '2026-03-01T00:00:00Z' AS "case:deadline",
       NULL AS "case:enddate", 'T02 Check' AS "concept:name", note AS "org:resource",
       '2026-01-01T00:00:00Z' AS "time:timestamp"
FROM events
"""


def needs_driver(name):
    listed = subprocess.run(["odbcinst", "-q", "-d"], capture_output=True, text=True, check=False)
    if f"[{name}]" not in listed.stdout:
        raise unittest.SkipTest(f"needs the ODBC driver '{name}', which is not here")


class OdbcCase(unittest.TestCase):
    def serve(self, connector, query, secret=postgres.PASSWORD):
        center = postgres.declare(harness.copied_center(self, harness.PERMITS), connector, query)
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        postgres.set_secret(server, secret)
        return server.sign_in()

    def connection(self, server):
        return server.get("/sources").json()["items"][0]["connection"]

    def wait_for_rows(self, server, rows):
        def all_here():
            found = server.deliveries().values()
            return sum(delivery["counts"]["raw_rows"] for delivery in found) >= rows
        harness.wait_until(all_here, f"{rows} rows are recorded", 120)


class PostgresOverOdbc(OdbcCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("odbcinst"):
            raise unittest.SkipTest("needs odbcinst, which is not here")
        needs_driver("PostgreSQL Unicode")
        cls.cluster = postgres.Cluster()
        cls.addClassCleanup(cls.cluster.remove)
        cls.cluster.events("ALTER DATABASE registry SET TimeZone TO 'UTC'")

    def setUp(self):
        self.cluster.events("TRUNCATE events")

    def declaration(self):
        attributes = ("{Server: 127.0.0.1, Port: \"%d\", Database: registry, UseDeclareFetch: \"1\"}"
                      % self.cluster.port)
        return CONNECTOR.format(driver="PostgreSQL Unicode", attributes=attributes,
                                since="{column: number, key: event_id, overlap: none}")

    def query(self):
        return postgres.QUERY.replace("SELECT event_id", "SELECT number, event_id")

    def test_killed_in_mid_flight_it_loses_and_doubles_nothing(self):
        self.cluster.add(0, ROWS)
        self.cluster.events("UPDATE events SET note = 'Bắc Hà' WHERE number = 7")
        server = self.serve(self.declaration(), self.query())
        harness.wait_until(lambda: len(server.deliveries()) >= 2, "it is under way", 120)
        server.kill()
        server.start().sign_in()
        self.wait_for_rows(server, ROWS)
        wrong = postgres_source_test.lost_or_doubled(postgres.taken(server), ROWS)
        self.assertEqual(wrong, [])
        first = server.call("GET", f"/deliveries/{min(server.deliveries())}/payload").body.decode()
        self.assertIn("Bắc Hà", first)
        self.cluster.add(ROWS, ROWS + 3)
        self.wait_for_rows(server, ROWS + 3)

    def test_what_a_query_writes_is_undone(self):
        self.cluster.add(0, 5)
        server = self.serve(self.declaration(),
                            self.query().replace("SELECT number", "SELECT wrote(), number"))
        harness.wait_until(lambda: self.connection(server)["last_contact"] or
                           self.connection(server)["failures"], "it was asked")
        self.assertEqual(self.cluster.events("SELECT count(*) FROM events"), "5")

    def test_a_wrong_password_is_said(self):
        server = self.serve(self.declaration(), self.query(), "wrong-password-4712")
        failing = harness.wait_until(
            lambda: (found := self.connection(server)) and
            found["reason"] in ("sign_in_refused", "no_connection") and found, "it fails", 60)
        self.assertNotIn("wrong-password", failing["message"] + server.log_text())


class SqliteOverOdbc(OdbcCase):
    def setUp(self):
        if not shutil.which("odbcinst"):
            self.skipTest("needs odbcinst, which is not here")
        needs_driver("SQLite3")
        folder = tempfile.mkdtemp(prefix="fansipan-sqlite-")
        self.addCleanup(shutil.rmtree, folder)
        self.path = os.path.join(folder, "events.db")
        with sqlite3.connect(self.path) as database:
            database.execute("CREATE TABLE events (event_id TEXT, revision INTEGER, note TEXT)")
        self.add(0, ROWS)

    def add(self, first, last):
        with sqlite3.connect(self.path) as database:
            database.executemany("INSERT INTO events VALUES (?, ?, ?)",
                                 [(f"event-{n}", n // 3, "Bắc Hà") for n in range(first, last)])

    def test_it_is_read_in_pieces_and_then_only_what_is_new(self):
        connector = CONNECTOR.format(driver="SQLite3", attributes="{Database: %s}" % self.path,
                                     since="{column: revision, key: event_id, overlap: 6}")
        server = self.serve(connector, SQLITE_QUERY)
        self.wait_for_rows(server, ROWS)
        wrong = postgres_source_test.lost_or_doubled(postgres.taken(server), ROWS)
        self.assertEqual(wrong, [])
        self.add(ROWS, ROWS + 4)
        self.wait_for_rows(server, ROWS + 4)
        body = server.call("GET", f"/deliveries/{max(server.deliveries())}/payload").body.decode()
        self.assertIn("Bắc Hà", body)
        self.assertEqual(body.count("\n"), 4)

    def test_a_driver_that_is_not_installed_is_said(self):
        connector = CONNECTOR.format(driver="No Such Driver", attributes="{Database: x}",
                                     since="{column: revision, key: event_id, overlap: none}")
        server = self.serve(connector, SQLITE_QUERY)
        harness.wait_until(lambda: self.connection(server)["reason"] == "driver_missing", "it is said")


if __name__ == "__main__":
    harness.main(PostgresOverOdbc, SqliteOverOdbc)
