"""A PostgreSQL database as a source: read in pieces, killed and restarted in mid-flight."""

import collections
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import unittest.mock

import harness
import postgres

ROWS = 2_000
PIECE = 20
KILLS = int(os.environ.get("FANSIPAN_PULL_KILLS", "4"))

CONNECTOR = """    connector: postgres
    reach: [{{host: {host}, port: {port}, network: loopback}}]
    postgres:
      host: {host}
      port: {port}
      database: registry
      tls: {tls}
{more}      query: queries/events.sql
      every: 1s
{since}      sign_in: {{user: ioc, secret: registry_password}}
      timeout: {timeout}
"""
SINCE = """      since: {column: updated_at, key: event_id, start: "2026-01-01T00:00:00Z", overlap: 10s}
      piece: 20
"""


def declaration(port, **options):
    """Options: host, tls, more (lines), since (lines; "": the whole query), timeout."""
    filled = {"host": "127.0.0.1", "tls": "disable", "more": "", "since": SINCE, "timeout": "20s"}
    return CONNECTOR.format(port=port, **{**filled, **options})


def lost_or_doubled(ids, rows):
    """What is wrong with the events that were taken, when the source has so many."""
    counts = collections.Counter(ids)
    wrong = [f"{event} taken {count} times" for event, count in counts.items() if count > 1]
    return wrong + [f"event-{n} is lost" for n in range(rows) if f"event-{n}" not in counts]


class PostgresCase(unittest.TestCase):
    tls = None

    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster(cls.tls)
        cls.addClassCleanup(cls.cluster.remove)

    def setUp(self):
        self.cluster.events("TRUNCATE events")

    def serve(self, query=postgres.SINCE_QUERY, secret=postgres.PASSWORD, **options):
        center = harness.copied_center(self, harness.PERMITS)
        options.setdefault("port", self.cluster.port)
        postgres.declare(center, declaration(**options), query)
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        if secret:
            postgres.set_secret(server, secret)
        return server.sign_in()

    def connection(self, server):
        return server.get("/sources").json()["items"][0]["connection"]

    def wait_for_rows(self, server, rows, seconds=120):
        def all_here():
            found = server.deliveries().values()
            return sum(delivery["counts"]["raw_rows"] for delivery in found) >= rows
        harness.wait_until(all_here, f"{rows} rows are recorded", seconds)

    def wait_for_reason(self, server, reason, seconds=60):
        harness.wait_until(lambda: self.connection(server)["reason"] == reason,
                           f"it fails by {reason}", seconds)
        return self.connection(server)["message"]


class PostgresSource(PostgresCase):
    def test_the_comparison_sees_a_loss_and_a_double(self):
        self.assertEqual(lost_or_doubled(["event-0"], 1), [])
        self.assertNotEqual(lost_or_doubled(["event-0", "event-0"], 1), [])
        self.assertNotEqual(lost_or_doubled([], 1), [])

    def test_killed_in_mid_flight_it_loses_and_doubles_nothing(self):
        # All events of a step share a moment, more of them than a piece holds.
        self.cluster.add(0, ROWS, per_moment=3 * PIECE)
        server = self.serve(since=SINCE.replace("overlap: 10s", "overlap: none"))
        recorded = []
        for number in range(KILLS):
            aim = (number + 1) * (ROWS // PIECE) // (KILLS + 2)
            harness.wait_until(lambda least=aim: len(server.deliveries()) >= least,
                               f"{aim} pieces are recorded", 120)
            recorded.append(len(server.deliveries()))
            server.kill()
            server.start().sign_in()
        self.assertLess(recorded[0], ROWS // PIECE, "it was killed before it was through")
        self.wait_for_rows(server, ROWS)
        self.assertEqual(lost_or_doubled(postgres.taken(server), ROWS), [])
        for kind in ("repeated", "in_conflict", "quarantined"):
            self.assertEqual(sum(d["counts"][kind] for d in server.deliveries().values()), 0, kind)
        verified = server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        before = len(server.deliveries())
        self.cluster.add(ROWS, ROWS + 5, per_moment=3 * PIECE)
        self.wait_for_rows(server, ROWS + 5)
        self.assertEqual(len(server.deliveries()), before + 1, "what is new comes alone")

    def test_the_environment_decides_nothing(self):
        self.cluster.add(0, 10)
        leaking = {"PGSERVICE": "nowhere", "PGOPTIONS": "-c search_path=nowhere", "PGSSLMODE": "verify-full",
                   "PGHOST": "10.0.0.1", "PGTZ": "no zone", "PGREQUIREPEER": "nobody"}
        with unittest.mock.patch.dict(os.environ, leaking):
            server = self.serve()
        self.wait_for_rows(server, 10)

    def test_another_query_is_read_from_the_beginning(self):
        self.cluster.add(0, 10)
        server = self.serve(since=SINCE.replace("overlap: 10s", "overlap: none"))
        self.wait_for_rows(server, 10)
        query = os.path.join(server.center, "systems", "permits", "queries", "events.sql")
        with open(query, "a", encoding="utf-8") as file:
            file.write("AND number < 5\n")
        applied = server.run("apply", server.center)
        self.assertEqual(applied.returncode, 0, applied.stdout + applied.stderr)
        self.wait_for_rows(server, 15)
        self.assertGreater(sum(d["counts"]["repeated"] for d in server.deliveries().values()), 0)

    def test_a_restart_of_the_database_is_survived(self):
        self.cluster.add(0, ROWS)
        server = self.serve(since=SINCE.replace("overlap: 10s", "overlap: none"))
        harness.wait_until(lambda: len(server.deliveries()) >= 2, "it is under way", 120)
        self.cluster.stop(signal.SIGQUIT)
        try:
            harness.wait_until(lambda: self.connection(server)["phase"] == "failing", "it is seen")
        finally:
            self.cluster.start()
        self.wait_for_rows(server, ROWS)
        self.assertEqual(lost_or_doubled(postgres.taken(server), ROWS), [])
        harness.wait_until(lambda: self.connection(server)["phase"] == "waiting", "it is well again")

    def test_rows_that_are_committed_late_are_found(self):
        self.cluster.add(0, 100)
        server = self.serve()
        self.wait_for_rows(server, 100)
        # Nine seconds before the last one: a transaction that took so long.
        self.cluster.events("INSERT INTO events SELECT 'event-100', max(updated_at) - interval "
                            "'9 s', 100, NULL FROM events")
        self.wait_for_rows(server, 101)
        self.assertEqual(lost_or_doubled(postgres.taken(server), 101), [])
        # A change is a new version of its row.
        self.cluster.events("UPDATE events SET note = 'Bắc Hà \"7\"', updated_at = "
                            "(SELECT max(updated_at) FROM events) + interval '1 s' "
                            "WHERE event_id = 'event-5'")
        self.wait_for_rows(server, 102)
        self.assertEqual(postgres.taken(server)[-1], "event-5")
        harness.wait_until(lambda: self.connection(server)["phase"] == "waiting", "nothing is new")
        self.assertEqual(len(postgres.taken(server)), 102)

    def test_the_whole_query_is_taken_when_it_changed(self):
        self.cluster.add(0, 30)
        server = self.serve(query=postgres.QUERY, since="")
        self.wait_for_rows(server, 30)

        def alive():
            return server.get("/sources").json()["items"][0]["last_sign_of_life"]
        first = alive()
        harness.wait_until(lambda: alive() > first, "the same again is a sign of life")
        self.assertEqual(len(server.deliveries()), 1)
        self.cluster.add(30, 31)
        self.wait_for_rows(server, 61)
        self.assertEqual(len(server.deliveries()), 2)

    def test_rows_that_would_be_missed_are_said(self):
        self.cluster.add(0, 10)
        self.cluster.events("INSERT INTO events VALUES ('unplaced', NULL, 1, NULL)")
        server = self.serve(query=postgres.QUERY)
        self.wait_for_rows(server, 10)
        self.wait_for_reason(server, "since_missing")
        self.cluster.events("UPDATE events SET updated_at = 'infinity' WHERE event_id = 'unplaced'")
        self.wait_for_reason(server, "since_unreadable", 120)
        self.cluster.add(10, 12)
        self.wait_for_rows(server, 12)


LICENCES = """SELECT licence_number || ' ' || updated_at AS event_id, updated_at, licence_number,
       licence_number || ' ' || updated_at AS "concept:instance", 'Desk' AS "case:channel",
       licence_number AS "case:concept:name", 'General' AS "case:department",
       timestamptz '2026-01-01 00:00Z' AS "case:startdate",
       timestamptz '2026-03-01 00:00Z' AS "case:deadline", NULL::text AS "case:enddate",
       'T02 Check' AS "concept:name", holder AS "org:resource", updated_at AS "time:timestamp"
FROM licences
"""


class SimulatedDatabase(PostgresCase):
    """A table that keeps changing, as `fansipan simulate database` changes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.events("CREATE ROLE writer LOGIN PASSWORD 'w'; GRANT ALL ON SCHEMA public TO writer;"
                           "ALTER DEFAULT PRIVILEGES FOR ROLE writer GRANT SELECT ON TABLES TO ioc")

    def simulate(self, *options):
        made = self.run_simulation(*options)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("simulated: wrote", made.stdout)

    def run_simulation(self, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".password") as password:
            password.write("w\n")
            password.flush()
            return subprocess.run(
                [harness.PROGRAM, "simulate", "database", "--center", harness.LAOCAI, "--port",
                 str(self.cluster.port), "--database", "registry", "--user", "writer",
                 "--password-file", password.name, *options],
                capture_output=True, text=True, timeout=120, check=False)

    def test_a_table_that_could_not_be_marked_is_not_left_behind(self):
        self.cluster.events("DROP TABLE IF EXISTS licences; CREATE FUNCTION refuse() RETURNS event_trigger "
                            "LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no comment'; END $$;"
                            "CREATE EVENT TRIGGER no_comment ON ddl_command_start WHEN TAG IN ('COMMENT') "
                            "EXECUTE FUNCTION refuse()")
        refused = self.run_simulation("--first", "5", "--duration", "1s")
        self.cluster.events("DROP EVENT TRIGGER no_comment; DROP FUNCTION refuse()")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("no comment", refused.stderr)
        self.simulate("--first", "5", "--duration", "1s")

    def test_every_change_that_stays_is_taken_and_a_renamed_column_is_said(self):
        self.cluster.events("DROP TABLE IF EXISTS licences")
        self.simulate("--first", "300", "--duration", "1s")
        server = self.serve(query=LICENCES, since=SINCE.replace("2026-01-01", "2020-01-01"))
        self.simulate("--first", "0", "--rate", "40", "--duplicated", "0.1", "--truncated", "0.2",
                      "--seed", "2", "--duration", "5s")
        wanted = set(self.cluster.events(
            "SET TimeZone = 'UTC'; SELECT licence_number || ' ' || updated_at FROM licences")
            .splitlines())
        self.assertGreater(len(wanted), 100)
        harness.wait_until(lambda: wanted <= set(postgres.taken(server)), "all of them are taken", 60)
        ids = postgres.taken(server)
        self.assertEqual(len(ids), len(set(ids)))
        self.simulate("--first", "0", "--drifted-after", "1s", "--duration", "3s")
        self.assertIn("holder", self.wait_for_reason(server, "query_refused"))

    def test_a_database_of_another_machine_is_left_alone(self):
        made = subprocess.run(
            [harness.PROGRAM, "simulate", "database", "--host", "10.0.0.1", "--center",
             harness.LAOCAI], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(made.returncode, 1)
        self.assertIn("--allow-remote", made.stderr)


class Refusals(PostgresCase):
    """What goes wrong is bounded, said by name, and without the secret."""

    def setUp(self):
        super().setUp()
        self.cluster.add(0, 10)

    def test_a_wrong_password_is_said_and_heals(self):
        server = self.serve(secret="wrong-password-4712")
        message = self.wait_for_reason(server, "sign_in_refused")
        self.assertNotIn("wrong-password", message)
        postgres.set_secret(server)
        self.wait_for_rows(server, 10)
        listed = [server.log_text(), server.get("/sources").body.decode()]
        for folder, _, names in os.walk(server.data):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        listed.append(file.read().decode("latin-1"))
        for secret in (postgres.PASSWORD, "wrong-password-4712"):
            self.assertFalse([text for text in listed if secret in text])

    def test_a_query_that_writes_is_refused_by_the_server(self):
        server = self.serve(query=postgres.QUERY.replace("SELECT event_id", "SELECT wrote(), event_id"),
                            since="")
        self.wait_for_reason(server, "write_refused")
        self.assertEqual(self.cluster.events("SELECT count(*) FROM events"), "10")
        self.assertEqual(len(server.deliveries()), 0)

    def test_a_slow_statement_ends_with_its_time(self):
        slow = postgres.QUERY.replace("FROM events", "FROM events, pg_sleep(60)")
        server = self.serve(query=slow, since="", timeout="1s")
        self.wait_for_reason(server, "statement_timeout")
        harness.wait_until(lambda: self.cluster.run(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' "
            "AND state = 'active' AND pid <> pg_backend_pid()") == "0", "the server is at rest")

    def test_a_locked_table_and_a_missing_right_are_said(self):
        self.cluster.events("REVOKE SELECT ON events FROM ioc")
        self.addCleanup(self.cluster.events, "GRANT SELECT ON events TO ioc")
        server = self.serve()
        self.wait_for_reason(server, "right_missing")
        self.cluster.events("GRANT SELECT ON events TO ioc")
        self.wait_for_rows(server, 10)

    def test_a_column_that_is_gone_is_said(self):
        server = self.serve(query=postgres.SINCE_QUERY.replace('AS "org:resource"', 'AS "org:who"'))
        self.assertIn("org:resource", self.wait_for_reason(server, "column_missing"))
        self.assertEqual(len(server.deliveries()), 0)

    def test_a_stop_during_a_slow_statement_is_quick(self):
        slow = postgres.QUERY.replace("FROM events", "FROM events, pg_sleep(60)")
        server = self.serve(query=slow, since="", timeout="2m")
        running = ("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND "
                   "state = 'active' AND pid <> pg_backend_pid()")
        harness.wait_until(lambda: self.cluster.run(running) == "1", "it is asked")
        begun = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - begun, 8)
        harness.wait_until(lambda: self.cluster.run(running) == "0", "the server ends it, too")

    def test_a_server_that_never_answers_is_given_up(self):
        hanging = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(hanging.close)
        server = self.serve(port=hanging.getsockname()[1], timeout="1s")
        self.wait_for_reason(server, "source_timeout")
        begun = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - begun, 8)

    def test_more_than_the_limit_is_not_held(self):
        self.cluster.events("UPDATE events SET note = repeat('x', 100000000) WHERE number = 3")
        server = self.serve()
        self.wait_for_reason(server, "result_too_large")
        self.assertLess(server.memory("VmHWM"), 1_500_000_000)


def certificate(folder, name):
    """An authority of its own: files of key and certificate."""
    key, path = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".crt")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", path],
                   check=True, capture_output=True)
    return key, path


class Certificates(PostgresCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="fansipan-tls-")
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.tls = certificate(folder, "server")
        cls.other = certificate(folder, "other")
        super().setUpClass()

    def test_a_trusted_certificate_for_the_name_is_taken(self):
        self.cluster.add(0, 10)
        server = self.serve(host="localhost", tls="verify-full",
                            more=f"      ca_file: {self.tls[1]}\n")
        self.wait_for_rows(server, 10)
        # The server takes nothing else: without TLS nobody comes in.
        plain = self.serve(host="localhost")
        self.wait_for_reason(plain, "no_connection")

    def test_another_authority_or_name_gets_no_password(self):
        self.cluster.add(0, 10)
        for host, authority in (("localhost", self.other[1]), ("127.0.0.1", self.tls[1])):
            server = self.serve(host=host, tls="verify-full", more=f"      ca_file: {authority}\n")
            self.wait_for_reason(server, "certificate_refused")
            self.assertEqual(len(server.deliveries()), 0)


if __name__ == "__main__":
    harness.main(PostgresSource, SimulatedDatabase, Refusals, Certificates)
