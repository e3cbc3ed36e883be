"""Files that are fetched from real servers: SFTP, FTPS, HTTPS; killed in mid-flight, and what goes wrong."""

import collections
import gzip
import hashlib
import os
import shutil
import subprocess
import unittest

import file_servers
import harness
import permit_rows

FILES = 40
ROWS = 3
KILLS = int(os.environ.get("FANSIPAN_FETCH_KILLS", "4"))

SOURCES = """sources:
  permit_log:
    title: {{en: Event log of the permit process}}
    owner: {{en: The municipality}}
    connector: file_fetch
    reach: [{{host: {host}, port: {port}, network: {network}}}]
    file_fetch:
      url: {url}
      every: 1s
      timeout: 20s
{more}
    format: csv
    csv:
      columns: ["case:channel", "case:concept:name", "case:deadline", "case:department", "case:enddate",
                "case:startdate", "concept:instance", "concept:name", "org:resource", "time:timestamp"]
    mappings: {{permit: mappings/permit.sql, permit_event: mappings/permit_event.sql}}
    silent_after: 1h
"""


def payload(number, rows=ROWS):
    """One file; no two are alike, and none has a row of another."""
    return permit_rows.to_csv([permit_rows.row(number * 100 + row) for row in range(rows)])


def lost_or_doubled(deliveries, payloads):
    """What is wrong with what was recorded, against the files that the server had."""
    recorded = collections.Counter(delivery["payload_sha256"] for delivery in deliveries)
    sent = {hashlib.sha256(text).hexdigest() for text in payloads}
    wrong = [f"{digest} recorded {count} times" for digest, count in recorded.items() if count > 1]
    wrong += [f"{digest} was never sent" for digest in recorded if digest not in sent]
    return wrong + [f"{digest} is lost" for digest in sent if digest not in recorded]


def indented(text, columns=8):
    return "".join(" " * columns + line + "\n" for line in text.splitlines())


class FetchedFiles(unittest.TestCase):
    def open(self, made):
        self.addCleanup(made.close)
        return made

    def serve(self, url, port, more, host="127.0.0.1", network="loopback"):
        center = harness.copied_center(self, harness.PERMITS)
        path = os.path.join(center, "systems", "permits", "sources.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SOURCES.format(url=url, host=host, port=port, network=network,
                                      more=more.rstrip()))
        shutil.rmtree(os.path.join(center, "systems", "permits", "tests"), ignore_errors=True)
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        return server.sign_in()

    def set_secret(self, server, name, value):
        made = subprocess.run([server.program, "--data", server.data, "secret", "set", name],
                              input=value + "\n", text=True, timeout=60, capture_output=True,
                              check=False)
        self.assertEqual(made.returncode, 0, made.stderr)

    def serve_sftp(self, source, more=""):
        server = self.serve(
            f"sftp://127.0.0.1:{source.port}{source.out}/", source.port,
            f"      sign_in: {{user: {file_servers.owner()}, key: office_key}}\n"
            f"      host_key: {source.fingerprint()}\n" + more)
        self.set_secret(server, "office_key", source.private_key())
        return server

    def connection(self, server):
        return server.get("/sources").json()["items"][0]["connection"]

    def wait_for_reason(self, server, reason):
        return harness.wait_until(
            lambda: (found := self.connection(server)) and found["reason"] == reason and found,
            f"the source fails with {reason}", 60)

    def wait_for_health(self, server):
        harness.wait_until(lambda: self.connection(server)["phase"] == "waiting", "it is well", 60)

    def wait_for_files(self, server, count, seconds=120):
        harness.wait_until(lambda: len(server.deliveries()) >= count,
                           f"{count} files are recorded", seconds)
        return list(server.deliveries().values())


class Sftp(FetchedFiles):
    def test_the_comparison_sees_a_loss_and_a_double(self):
        one = {"payload_sha256": hashlib.sha256(b"1").hexdigest()}
        self.assertEqual(lost_or_doubled([one], [b"1"]), [])
        self.assertNotEqual(lost_or_doubled([one, one], [b"1"]), [])
        self.assertNotEqual(lost_or_doubled([], [b"1"]), [])
        self.assertNotEqual(lost_or_doubled([one], []), [])

    def test_killed_in_mid_flight_it_loses_and_doubles_nothing(self):
        source = self.open(file_servers.Sftp())
        payloads = [payload(number) for number in range(FILES)]
        for number, text in enumerate(payloads):
            source.put(f"day-{number:03}.csv", text)
        # A few in each asking, so that the end does not come before the kills.
        server = self.serve_sftp(source, "      after: {move: done}\n      max_files: 4\n")
        recorded = []
        for number in range(KILLS):
            least = (number + 1) * FILES // (KILLS + 2)
            self.wait_for_files(server, least)
            recorded.append(len(server.deliveries()))
            server.kill()
            server.start().sign_in()
        self.assertLess(recorded[0], FILES, "it was killed before it was through")
        deliveries = self.wait_for_files(server, FILES)
        harness.wait_until(lambda: not source.names(), "all files are moved", 60)
        self.assertEqual(lost_or_doubled(server.deliveries().values(), payloads), [])
        self.assertEqual(source.names("done"), [f"day-{number:03}.csv" for number in range(FILES)])
        self.assertEqual(sorted(delivery["file_name"] for delivery in deliveries),
                         source.names("done"))
        for kind in ("repeated", "in_conflict", "quarantined"):
            self.assertEqual(sum(d["counts"][kind] for d in deliveries), 0, kind)
        verified = server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_what_was_taken_stays_taken_and_what_changes_comes_again(self):
        source = self.open(file_servers.Sftp())
        source.put("hồ sơ.csv", payload(1))
        source.put("notes.txt", b"none of ours")
        server = self.serve_sftp(source, '      files: "*.csv"\n')
        self.assertEqual(self.wait_for_files(server, 1)[0]["file_name"], "hồ sơ.csv")
        server.kill()
        server.start().sign_in()

        def sign_of_life():
            return server.get("/sources").json()["items"][0]["last_sign_of_life"]
        for _ in range(3):
            before = sign_of_life()
            harness.wait_until(lambda last=before: sign_of_life() != last, "it lives")
        self.assertEqual(len(server.deliveries()), 1)
        # As long as before, and most likely in the same minute.
        source.put("hồ sơ.csv", payload(2))
        deliveries = self.wait_for_files(server, 2)
        self.assertEqual(lost_or_doubled(deliveries, [payload(1), payload(2)]), [])

    def test_packed_files_are_unpacked_and_bad_ones_hold_up_no_other(self):
        source = self.open(file_servers.Sftp())
        source.put("a.csv", b"no;such;columns\n1;2;3\n")
        source.put("b.csv.gz", gzip.compress(payload(1)))
        source.put("c.csv", payload(2))
        server = self.serve_sftp(source, "      after: delete\n")
        self.wait_for_files(server, 2)
        found = harness.wait_until(
            lambda: (now := self.connection(server))["phase"] == "failing" and now, "it fails")
        self.assertTrue(found["message"])
        harness.wait_until(lambda: source.names() == ["a.csv"], "what was taken is deleted", 60)
        self.assertEqual(lost_or_doubled(server.deliveries().values(), [payload(1), payload(2)]), [])

    def test_another_host_key_is_never_trusted(self):
        source = self.open(file_servers.Sftp())
        source.put("a.csv", payload(1))
        server = self.serve_sftp(source)
        self.wait_for_files(server, 1)
        source.new_host_key()
        source.put("b.csv", payload(2))
        found = self.wait_for_reason(server, "host_key_mismatch")
        self.assertIn("ask its operator", found["message"])
        self.assertEqual(len(server.deliveries()), 1)

    def test_a_wrong_or_missing_key_is_said_and_heals(self):
        source = self.open(file_servers.Sftp())
        source.put("a.csv", payload(1))
        server = self.serve_sftp(source)
        self.wait_for_files(server, 1)
        self.set_secret(server, "office_key", "not a key")
        self.wait_for_reason(server, "key_unreadable")
        right = source.private_key()
        os.unlink(source.path("user"))
        file_servers.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", source.path("user"))
        self.set_secret(server, "office_key", source.private_key())
        self.wait_for_reason(server, "sign_in_refused")
        self.assertEqual(server.run("secret", "remove", "office_key").returncode, 0)
        self.wait_for_reason(server, "secret_missing")
        self.set_secret(server, "office_key", right)
        self.wait_for_health(server)

    def test_nothing_is_called_outside_the_declared_network(self):
        source = self.open(file_servers.Sftp())
        port = source.port
        # The name leads to loopback; the declaration says that it lies in a private network.
        server = self.serve(f"sftp://localhost:{port}/", port,
                            "      sign_in: {user: ioc, secret: office_word}\n"
                            f"      host_key: {source.fingerprint()}\n", "localhost", "private")
        self.set_secret(server, "office_word", "word")
        self.wait_for_reason(server, "address_not_allowed")

    def test_a_server_that_is_gone_is_said_and_found_again(self):
        source = self.open(file_servers.Sftp())
        server = self.serve_sftp(source)
        self.wait_for_health(server)
        source.stop()
        self.wait_for_reason(server, "no_connection")
        source.put("a.csv", payload(1))
        source.start()
        self.wait_for_files(server, 1)
        shutil.move(source.out, source.out + "-gone")
        self.wait_for_reason(server, "folder_unreadable")


class Ftps(FetchedFiles):
    def exchange(self, implicit):
        source = self.open(file_servers.Ftps(implicit))
        source.put("a.csv", payload(1))
        source.put("b.csv", payload(2))
        more = (f"      tls: {'implicit' if implicit else 'explicit'}\n"
                "      sign_in: {user: anonymous, secret: office_word}\n"
                "      after: {move: done}\n"
                "      authorities: |\n" + indented(source.certificate))
        server = self.serve(f"ftps://127.0.0.1:{source.port}/out/", source.port, more)
        self.set_secret(server, "office_word", "word")
        self.wait_for_files(server, 2)
        harness.wait_until(lambda: source.names("done") == ["a.csv", "b.csv"], "both are moved", 60)
        self.assertEqual(lost_or_doubled(server.deliveries().values(), [payload(1), payload(2)]), [])

    def test_files_come_by_explicit_tls(self):
        self.exchange(implicit=False)

    def test_files_come_by_implicit_tls(self):
        self.exchange(implicit=True)

    def test_an_authority_that_is_not_known_is_not_trusted(self):
        source = self.open(file_servers.Ftps())
        source.put("a.csv", payload(1))
        server = self.serve(f"ftps://127.0.0.1:{source.port}/out/", source.port,
                            "      sign_in: {user: anonymous, secret: office_word}\n")
        self.set_secret(server, "office_word", "word")
        self.wait_for_reason(server, "certificate_refused")
        self.assertEqual(len(server.deliveries()), 0)


class Https(FetchedFiles):
    def test_one_file_is_taken_once_until_it_changes(self):
        source = self.open(file_servers.Https())
        source.put("daily.csv", payload(1))
        server = self.serve(f"https://127.0.0.1:{source.port}/out/daily.csv", source.port,
                            "      authorities: |\n" + indented(source.certificate))
        self.assertEqual(self.wait_for_files(server, 1)[0]["file_name"], "daily.csv")
        server.kill()
        server.start().sign_in()
        before = len(source.statuses())
        harness.wait_until(lambda: len(source.statuses()) >= before + 2, "it is asked again", 60)
        self.assertEqual(set(source.statuses()[before:]), {304})
        source.put("daily.csv", payload(2, ROWS + 1))
        deliveries = self.wait_for_files(server, 2)
        self.assertEqual(lost_or_doubled(deliveries, [payload(1), payload(2, ROWS + 1)]), [])
        os.unlink(os.path.join(source.out, "daily.csv"))
        self.wait_for_reason(server, "file_unreadable")


if __name__ == "__main__":
    harness.main(Sftp, Ftps, Https)
