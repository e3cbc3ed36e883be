"""The published permit log in shuffled pieces: the figures are those of the log as a whole.

FANSIPAN_SEED sets another order. Figures that the clock has a part in are looked at by
`fansipan test`, whose clock stands at the log's last event.
"""

import csv
import os
import random
import re
import subprocess
import unittest

import harness
import permit_rows

LOG = "cases/permit_receipts.csv"
SCENARIO = os.path.join("systems", "permits", "tests", "whole_log.yaml")
PIECES = 40
PIECES_BY_CLOCK = 12
SEED = int(os.environ.get("FANSIPAN_SEED", "20120123"))


class Pieces:
    """The log's rows dealt into pieces (`each`: the text of one) in an order by chance."""

    def __init__(self, log, pieces, seed):
        with open(log, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.columns = list(rows[0])
        chance = random.Random(seed)
        chance.shuffle(rows)
        dealt = [rows[start::pieces] for start in range(pieces)]
        self.each = [permit_rows.to_csv(part, self.columns) for part in dealt]
        # A piece yields an event for each of its rows and a version for each case it speaks of.
        self.candidates = [len(part) + len({row["case:concept:name"] for row in part})
                           for part in dealt]


def expected_figures(center):
    """What the center's own test expects after the whole log: indicator, query, value."""
    with open(os.path.join(center, SCENARIO), encoding="utf-8") as file:
        first_step = file.read().split("\n  - ")[1]
    figures = []
    for line in re.findall(r"^      - \{(.*)\}$", first_step, re.MULTILINE):
        channel = re.search(r"dimension: \{channel: ([^}]+)\}", line)
        named = dict(re.findall(r'(\w+): "?([\w.-]+)"?', re.sub(r"dimension: \{.*?\}", "", line)))
        value = named.pop("value")
        if channel:
            named.update({"dimension": "channel", "channel": channel.group(1)})
        figures.append((named, value))
    return figures


class PermitsInPieces(unittest.TestCase):
    def setUp(self):
        self.log = harness.external_file(LOG)
        self.expected = expected_figures(harness.PERMITS)
        self.assertGreater(len(self.expected), 60)
        print(f"seed {SEED}, {len(self.expected)} figures")

    def start(self):
        self.pieces = Pieces(self.log, PIECES, SEED)
        self.server = harness.Server(harness.PERMITS).start().sign_in()
        self.addCleanup(self.server.remove)
        self.token = self.server.push_token("permit_log")

    def push(self, number, key):
        answer = self.server.push("permit_log", self.token, self.pieces.each[number], key=key)
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json()

    def found(self, query):
        """The figure's value; of a dimension, that of the asked-for channel (none: nothing)."""
        query = dict(query)
        channel = query.pop("channel", None)
        answer = self.server.get("/figures", **query)
        self.assertEqual(answer.status, 200, answer.body)
        figures = answer.json()["figures"]
        if channel is None:
            return figures[0]["value"]
        values = [figure["value"] for figure in figures
                  if (figure["dimension"] or {}).get("value") == channel]
        return values[0] if values else "0"

    def assert_figures(self):
        # What was acknowledged just now shows a moment later.
        first, shown = self.expected[0]
        harness.wait_until(lambda: self.found(first) == shown, f"{first} is {shown}")
        wrong = []
        for query, value in self.expected:
            found = self.found(query)
            if found != value:
                wrong.append(f"{query}: {found}, expected {value}")
        self.assertEqual(wrong, [])

    def test_pushed_in_shuffled_pieces_the_figures_are_those_of_the_whole_log(self):
        self.start()
        deliveries = [self.push(number, f"piece-{number}") for number in range(PIECES)]
        accepted = [delivery["counts"]["accepted"] for delivery in deliveries]
        self.assertEqual(accepted, self.pieces.candidates)
        self.assert_figures()

        again = self.push(0, "the-oldest-once-more")["counts"]
        self.assertEqual((again["repeated"], again["accepted"]), (again["candidates"], 0))
        self.assert_figures()

        replayed = self.server.run("replay", str(deliveries[PIECES // 2]["sequence"]))
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        self.assert_figures()

        verified = self.server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        print(verified.stdout.strip())

    def test_at_the_last_event_those_overdue_and_not_yet_due_are_the_same(self):
        center = harness.copied_center(self, harness.PERMITS)
        outside = os.path.join(os.path.dirname(center), "pieces")
        os.mkdir(outside)
        pieces = Pieces(self.log, PIECES_BY_CLOCK, SEED)
        for number, text in enumerate(pieces.each):
            with open(os.path.join(outside, f"{number}.csv"), "wb") as file:
                file.write(text)
        with open(os.path.join(center, SCENARIO), encoding="utf-8") as file:
            head, whole, *later = file.read().split("\n  - ")
        checks = whole[whole.index("    figures:"):]
        deliver = "deliver: {source: permit_log, external: %d.csv}"
        steps = [deliver % number for number in range(PIECES_BY_CLOCK)]
        steps += [deliver % 0 + "\n" + checks, "replay: 1\n" + checks]
        steps += [step for step in later if not step.startswith("deliver")]
        with open(os.path.join(center, SCENARIO), "w", encoding="utf-8") as file:
            file.write("\n  - ".join([head] + steps))
        result = subprocess.run([harness.PROGRAM, "test", center, "--external", outside],
                                capture_output=True, text=True, check=False)
        print(result.stdout.strip())
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("1 passed", result.stdout)


if __name__ == "__main__":
    harness.main(PermitsInPieces)
