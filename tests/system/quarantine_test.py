"""Rows that were set aside: seen, mended, tried, replayed, accepted, discarded, and the same after a restart."""

import json
import os
import unittest

import harness
import permit_rows


def replaced(path, old, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if old not in text:
        raise AssertionError(f"{path} does not have {old!r}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


class Quarantine(unittest.TestCase):
    def setUp(self):
        self.center = harness.copied_center(self, harness.PERMITS)
        self.system = os.path.join(self.center, "systems", "permits")
        replaced(os.path.join(self.system, "datasets.yaml"),
                 "channel: {type: text, dimension: true,",
                 "channel: {type: text, dimension: true, one_of: [Desk, Internet, Post],")
        self.server = harness.Server(self.center).start().sign_in()
        token = self.server.push_token("permit_log")
        fax = permit_rows.row(2)
        fax["case:channel"] = "Fax"
        rows = [permit_rows.row(1), fax, permit_rows.row(3, department="Genral"),
                permit_rows.row(4, end="2026-02-30T00:00:00Z")]
        report = self.server.push("permit_log", token, permit_rows.to_csv(rows)).json()
        self.delivery = str(report["sequence"])
        self.server.push("permit_log", token, permit_rows.to_csv([permit_rows.row(5)]))

    def tearDown(self):
        self.server.remove()

    def done(self, *arguments):
        """What a command that succeeds prints as JSON."""
        result = self.server.run("--json", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def refused(self, words, *arguments):
        result = self.server.run(*arguments)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(words, result.stderr)

    def open_rows(self):
        """Raw row, dataset and reason of each."""
        return sorted((row["raw_row"], row["dataset"], row["reason"])
                      for row in self.done("quarantine", "list")["items"])

    def cases(self):
        return self.server.figure("all_cases", tree="organisation", period="2026")["value"]

    def mend(self):
        for name in ("permit.sql", "permit_event.sql"):
            replaced(os.path.join(self.system, "mappings", name), "' ', '-')",
                     "'Genral', 'General')")

    def verify(self):
        verified = self.server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_bad_rows_are_seen_mended_tried_replayed_and_decided_about(self):
        harness.wait_until(lambda: self.cases() == "2", "the sound cases")
        groups = self.done("quarantine", "--summary")["items"]
        self.assertEqual({(group["dataset"], group["column"], group["reason"], group["rows"])
                          for group in groups},
                         {("permit", "channel", "not_allowed", 1),
                          ("permit", "department", "unknown_place", 1),
                          ("permit_event", "department", "unknown_place", 1),
                          ("permit", "ended_at", "impossible_date", 1)})
        shown = self.server.run("quarantine", "show", self.delivery, "3").stdout
        self.assertIn("Genral", shown)
        self.assertIn("Genral".encode().hex(), shown)

        self.mend()
        mapping = os.path.join(self.system, "mappings", "permit.sql")
        tried = self.done("quarantine", "try", "--source", "permit_log", "--dataset", "permit",
                          "--mapping", mapping)
        self.assertEqual((tried["counts"]["mended"], tried["counts"]["still_bad"],
                          tried["counts"]["spoiled"], tried["unchanged"]), (1, 2, 0, 1))
        self.assertEqual(self.cases(), "2")
        self.refused("cannot be read", "quarantine", "try", "--source", "permit_log", "--dataset",
                     "permit", "--mapping", "/nothing/mapping.sql")

        self.assertEqual(self.server.run("apply", self.center).returncode, 0)
        run = self.done("replay", "--source", "permit_log")
        self.assertEqual((run["state"], run["read_again"], run["deliveries"]), ("done", 2, 2))
        harness.wait_until(lambda: self.cases() == "3", "the mended case")
        self.assertEqual(self.open_rows(), [(2, "permit", "not_allowed"),
                                            (4, "permit", "impossible_date")])
        self.decide_and_start_again()

    def decide_and_start_again(self):
        fax = ("quarantine", "accept", "--fault", "not_allowed", "--reason", "seen on paper")
        self.refused("there are 1 such rows", *fax)
        accepted = self.done(*fax, "--count", "1")
        self.assertEqual((accepted["rows"], accepted["read_again"], accepted["still_open"]),
                         (1, 1, 0))
        harness.wait_until(lambda: self.cases() == "4", "the accepted case")
        date = ("--row", "4", "--reason", "a test of the supplier", "--count", "1")
        self.refused("cannot be accepted", "quarantine", "accept", *date)
        self.done("quarantine", "discard", *date)
        self.assertEqual(self.open_rows(), [])
        self.verify()

        self.server.stop()
        self.server.start()
        self.server.sign_in()
        self.assertEqual(self.open_rows(), [])
        self.assertEqual(self.cases(), "4")
        decided = self.done("quarantine", "--row", "4", "--open", "false")["items"]
        self.assertEqual({row["decision"]["reason"] for row in decided},
                         {"a test of the supplier"})
        run = self.done("replay", "--all")
        self.assertEqual((run["state"], run["accepted"]), ("done", 0))
        self.assertEqual(self.open_rows(), [])
        self.assertEqual(self.cases(), "4")

        self.done("quarantine", "reopen", "--row", "2", "--reason", "the paper was wrong",
                  "--count", "1")
        harness.wait_until(lambda: self.cases() == "3", "the reopened case")
        self.assertEqual(self.open_rows(), [(2, "permit", "not_allowed")])
        self.verify()


if __name__ == "__main__":
    harness.main(Quarantine)
