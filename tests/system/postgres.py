"""A PostgreSQL cluster of a test's own on loopback, as an office would run one."""

import glob
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

USER, PASSWORD, SECRET = "ioc", "p}w';d-4711", "registry_password"

TABLE = """
CREATE TABLE events (event_id text PRIMARY KEY, updated_at timestamptz, number integer NOT NULL,
                     note text);
CREATE INDEX ON events (updated_at, event_id);
CREATE FUNCTION wrote() RETURNS integer LANGUAGE sql VOLATILE
  AS $$ INSERT INTO events VALUES ('written', now(), 1, NULL); SELECT 1 $$;
"""

QUERY = """-- Events of permit cases, as the process log has them.
SELECT event_id, updated_at, event_id AS "concept:instance", 'Desk' AS "case:channel",
       'case-' || number % 7 AS "case:concept:name", 'General' AS "case:department",
       timestamptz '2026-01-01 00:00Z' AS "case:startdate",
       timestamptz '2026-03-01 00:00Z' AS "case:deadline", NULL::timestamptz AS "case:enddate",
       'T02 Check' AS "concept:name", coalesce(note, 'R1') AS "org:resource",
       timestamptz '2026-01-01 00:00Z' + number * interval '1 minute' AS "time:timestamp"
FROM events
"""
SINCE_QUERY = QUERY + "WHERE updated_at >= $since::timestamptz\n"


def binaries():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not found:
        raise unittest.SkipTest("needs PostgreSQL (package postgresql-15), which is not here")
    return found[-1]


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Cluster:
    """Started at once; `run` is SQL as its owner. `tls`: files of key and certificate."""

    def __init__(self, tls=None):
        self.binaries = binaries()
        self.folder = tempfile.mkdtemp(prefix="fansipan-postgres-")
        os.chmod(self.folder, 0o755)
        self.as_user = []
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.data = os.path.join(self.folder, "data")
        self.port = free_port()
        self.process = None
        self.command("initdb", "-D", self.data, "-U", "owner", "--auth-local=trust",
                     "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")
        self.settings = ["-c", "fsync=off"]
        if tls:
            self.use_tls(*tls)
        self.start()
        self.run(f"CREATE ROLE {USER} LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'")
        self.run("CREATE DATABASE registry")
        self.run(TABLE, "registry")
        self.run(f"GRANT SELECT, INSERT ON events TO {USER}", "registry")

    def use_tls(self, key, certificate):
        for source, name in ((key, "server.key"), (certificate, "server.crt")):
            path = os.path.join(self.data, name)
            shutil.copyfile(source, path)
            os.chmod(path, 0o600)
            if self.as_user:
                shutil.chown(path, "postgres", "postgres")
        self.settings += ["-c", "ssl=on"]
        rules = os.path.join(self.data, "pg_hba.conf")
        with open(rules, encoding="utf-8") as file:
            text = file.read()
        with open(rules, "w", encoding="utf-8") as file:
            file.write(re.sub("(?m)^host ", "hostssl ", text))

    def command(self, program, *arguments, text=None):
        made = subprocess.run([*self.as_user, os.path.join(self.binaries, program), *arguments],
                              input=text, capture_output=True, text=True, timeout=120, check=False)
        if made.returncode != 0:
            raise RuntimeError(f"{program}: {made.stderr[-2000:]}")
        return made.stdout

    def start(self):
        self.process = subprocess.Popen(
            [*self.as_user, os.path.join(self.binaries, "postgres"), "-D", self.data, "-p",
             str(self.port), "-k", self.folder, "-c", "listen_addresses=127.0.0.1",
             *self.settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                return self.run("SELECT 1")
            except RuntimeError:
                time.sleep(0.05)
        raise RuntimeError("the cluster did not start")

    def stop(self, how=signal.SIGINT):
        """SIGQUIT: at once, as in a crash."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, sql, database="postgres"):
        return self.command("psql", "-X", "-q", "-A", "-t", "-h", self.folder, "-p", str(self.port),
                            "-U", "owner", "-d", database, "-v", "ON_ERROR_STOP=1", "-f", "-",
                            text=sql).strip()

    def events(self, sql):
        return self.run(sql, "registry")

    def add(self, first, last, moment="2026-01-01 00:00Z", per_moment=10):
        """Events numbered from first up to last; so many share a moment."""
        self.events(f"""INSERT INTO events SELECT 'event-' || n,
            timestamptz '{moment}' + (n / {per_moment}) * interval '1 second', n, NULL
            FROM generate_series({first}, {last - 1}) AS n""")


def set_secret(server, value=PASSWORD):
    made = subprocess.run([server.program, "--data", server.data, "secret", "set", SECRET],
                          input=value + "\n", text=True, timeout=60, capture_output=True,
                          check=False)
    if made.returncode != 0:
        raise AssertionError(made.stderr)


COLUMNS = """    format: ndjson
    json:
      columns: ["case:channel", "case:concept:name", "case:deadline", "case:department", "case:enddate",
                "case:startdate", "concept:instance", "concept:name", "org:resource", "time:timestamp"]
    mappings: {permit: mappings/permit.sql, permit_event: mappings/permit_event.sql}
    silent_after: 1h
"""
HEAD = """sources:
  permit_log:
    title: {en: Event log of the permit process}
    owner: {en: The municipality}
"""


def declare(center, connector, query=SINCE_QUERY):
    """Gives the copied permits center this one source. `connector`: its lines."""
    system = os.path.join(center, "systems", "permits")
    with open(os.path.join(system, "sources.yaml"), "w", encoding="utf-8") as file:
        file.write(HEAD + connector + COLUMNS)
    os.makedirs(os.path.join(system, "queries"), exist_ok=True)
    with open(os.path.join(system, "queries", "events.sql"), "w", encoding="utf-8") as file:
        file.write(query)
    shutil.rmtree(os.path.join(system, "tests"), ignore_errors=True)
    return center


def taken(server):
    """The ids of the events in all payloads, in the order in which they came."""
    ids = []
    for sequence in sorted(server.deliveries()):
        body = server.call("GET", f"/deliveries/{sequence}/payload").body
        ids += [json.loads(line)["event_id"] for line in body.decode().splitlines()]
    return ids
