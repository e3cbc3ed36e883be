"""Every command against a running server: what it prints is held against what was delivered.

The expected figures are computed here, from the rows, and never taken from the program.
"""

import csv
import datetime
import io
import json
import os
import re
import unittest
from decimal import Decimal

import desk
import harness

DESK = os.path.join("systems", "desk")
WARDS = {"N": "north", "S": "south"}
INDICATORS = """measures:
  requests: {title: {en: Requests}, dataset: request, flow: handed_in, dimensions: [channel]}
  fees: {title: {en: Fees}, dataset: request, flow: handed_in, sum: fee, dimensions: [channel]}
indicators:
  all_requests:
    {title: {en: Requests}, description: {en: All.}, formula: requests, unit_of_measure: request}
  fees_taken:
    {title: {en: Fees}, description: {en: All.}, formula: fees, unit_of_measure: euro, decimals: 2}
  fee_of_a_request:
    title: {en: Mean fee}
    description: {en: Mean.}
    formula: fees / requests
    unit_of_measure: euro
    decimals: 2
"""
BAD = [desk.row("bad-place", ward="X"), desk.row("bad-date", due="2025-02-30"),
       desk.row("bad-channel", channel="fax"), desk.row("bad-rule", pages="-1"),
       desk.row("bad-fee", fee='a, "b"')]
# Column, value and reason of each of them, in the same order.
BAD_BECAUSE = [("ward", "X", "unknown_place"), ("due", "2025-02-30", "impossible_date"),
               ("channel", "fax", "not_allowed"), ("–", "–", "rule_broken"),
               ("fee", 'a, "b"', "not_a_decimal")]


def rows_of(first, count):
    """Good rows of the spring of 2025, no two alike."""
    return [desk.row(number, ward="NS"[number % 2], pages=str(number % 9),
                     handed_in=f"2025-{3 + number % 3:02}-{1 + number % 27:02}T09:00:00+07:00",
                     due="2025-06-30", fee=f"{number % 7}.{number % 100:02}",
                     channel=("counter", "online")[number % 5 == 0])
            for number in range(first, first + count)]


def chosen(rows, period, ward=None, channel=None):
    return [row for row in rows if row["handed_in"].startswith(period)
            and ward in (None, row["ward"]) and channel in (None, row["channel"])]


def value_of(indicator, rows):
    fees = sum((Decimal(row["fee"]) for row in rows), Decimal(0))
    if indicator == "all_requests":
        return Decimal(len(rows))
    if indicator == "fees_taken":
        return fees
    return round(fees / len(rows), 12)


def described(text):
    """The figures of a printed text: label → what stands behind it, the value as 'value'."""
    figures = []
    for block in text.strip().split("\n\n"):
        title, *lines = block.split("\n")
        figure = {"value": title.split(": ", 1)[1].rsplit(" ", 1)[0]}
        for line in lines:
            figure.setdefault(line[2:20].strip(), line[20:])
        figures.append(figure)
    return figures


def table(text):
    """The lines of a printed table, each as column → cell; without a line that tells of more."""
    header, *lines = [re.split(r"  +", line) for line in text.splitlines()
                      if not line.startswith("more: ")]
    return [dict(zip(header, line, strict=True)) for line in lines]


class CommandTest(unittest.TestCase):
    """A desk that also counts fees, and `run`, which holds a command to its exit status."""

    @classmethod
    def setUpClass(cls):
        cls.center = harness.copied_center(cls, harness.DESK)
        with open(os.path.join(cls.center, DESK, "indicators.yaml"), "w", encoding="utf-8") as file:
            file.write(INDICATORS)
        cls.server = harness.Server(cls.center)
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()

    def run_command(self, *arguments, status=0):
        result = self.server.run(*arguments)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        for words in ("terminate called", "Sanitizer", "runtime error"):
            self.assertNotIn(words, result.stderr)
        return result

    def printed(self, *arguments):
        """What a command that succeeds prints; it then has nothing to complain of."""
        result = self.run_command(*arguments)
        self.assertEqual(result.stderr, "")
        return result.stdout

    def refused(self, *arguments):
        """What a command says that fails; it then prints nothing that could pass for an answer."""
        result = self.run_command(*arguments, status=1)
        self.assertEqual(result.stdout, "")
        return result.stderr

    def push(self, token, rows):
        answer = self.server.push("csv_desk", token, desk.to_csv(rows))
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json()

    def figure(self, indicator, period, *options):
        return described(self.printed("figure", indicator, "--period", period, *options))[0]


class Reading(CommandTest):
    """Commands that only look: three deliveries are made once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.token = cls.server.run("token", "csv_desk", "--label", "the test's").stdout.strip()
        cls.first, cls.second = rows_of(1, 180), rows_of(181, 40)
        cls.rows = cls.first + cls.second
        differing = [desk.row("twice", fee="1.00"), desk.row("twice", fee="2.00")]
        cls.bodies = [desk.to_csv(rows) for rows in
                      (cls.first, cls.second + cls.first[:7] + BAD, differing)]
        cls.told = [cls.server.push("csv_desk", cls.token, body).json() for body in cls.bodies]

    def test_figures_are_those_of_the_delivered_rows(self):
        for indicator in ("all_requests", "fees_taken", "fee_of_a_request"):
            for period in ("2025", "2025-03", "2025-05-09"):
                for ward, unit in ((None, "town"), *WARDS.items()):
                    rows = chosen(self.rows, period, ward)
                    with self.subTest(indicator=indicator, period=period, unit=unit):
                        self.assertTrue(rows)
                        figure = self.figure(indicator, period, "--unit", unit)
                        self.assertEqual(Decimal(figure["value"]), value_of(indicator, rows))
                        self.assertEqual(figure["unit"].split(" ")[0], unit)
                        self.assertEqual(figure["period"], period)
                        self.assertEqual(figure["indicator"], indicator)

    def test_a_passport_names_parts_records_and_sources(self):
        figure = self.figure("fee_of_a_request", "2025")
        name, value, records = re.match(r"(\w+) = (\S+) \((\d+) records\)$",
                                        figure["part"]).groups()
        self.assertEqual((name, Decimal(value), int(records)),
                         ("fees", value_of("fees_taken", self.rows), len(self.rows)))
        self.assertEqual(figure["deliveries"], "3")
        self.assertEqual(figure["received at"], self.told[2]["received_at"])
        self.assertEqual(figure["formula"], "fees / requests")
        self.assertRegex(figure["source"], r"^csv_desk \(live, ")

    def test_broken_down_each_figure_names_what_it_is_of(self):
        figures = described(self.printed("figure", "fees_taken", "--period", "2025-03", "--by",
                                         "channel"))
        found = {figure.get("channel"): Decimal(figure["value"]) for figure in figures}
        self.assertEqual(found, {channel: value_of("fees_taken", chosen(self.rows, "2025-03",
                                                                        channel=channel))
                                 for channel in ("counter", "online")})

    def test_as_json_the_same_figure_is_told(self):
        told = json.loads(self.printed("--json", "figure", "fees_taken", "--period", "2025"))
        self.assertEqual([Decimal(figure["value"]) for figure in told["figures"]],
                         [value_of("fees_taken", self.rows)])

    def test_as_of_a_past_moment_only_what_was_known_then_counts(self):
        moment = self.told[0]["recorded_at"]
        figure = self.figure("fees_taken", "2025", "--as-of", moment)
        self.assertEqual(Decimal(figure["value"]), value_of("fees_taken", self.first))
        self.assertEqual((figure["records"], figure["deliveries"]), (str(len(self.first)), "1"))
        explained = self.printed("explain", "fees_taken", "--period", "2025", "--as-of", moment)
        self.assertEqual(described(explained)[0]["value"], figure["value"])
        before = (datetime.datetime.fromisoformat(moment)
                  - datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.assertEqual(self.figure("all_requests", "2025", "--as-of", before)["records"], "0")

    def test_explained_by_its_records_page_by_page(self):
        found, cursor = [], ()
        while True:
            text = self.printed("explain", "--measure", "requests", "--period", "2025", "--unit",
                                "north", *cursor)
            found += table(text)
            more = re.search(r"^more: --cursor (\S+)$", text, re.MULTILINE)
            if not more:
                break
            cursor = ("--cursor", more.group(1))
        self.assertTrue(cursor, "the records should fill more than a page")
        self.assertEqual(
            sorted((row["number"], row["ward"], row["pages"], Decimal(row["fee"]), row["channel"])
                   for row in found),
            sorted((row["number"], row["ward"], row["pages"], Decimal(row["fee"]), row["channel"])
                   for row in chosen(self.rows, "2025", "N")))

    def test_a_version_is_shown_down_to_its_archived_bytes(self):
        record = table(self.printed("explain", "--measure", "requests", "--period",
                                    "2025-03-13"))[0]
        text = self.printed("explain", "--version", record["sequence"])
        shown = re.search(r"^row (\d+) \(line (\d+), bytes (\d+) to (\d+)\):\n(.*)\n", text,
                          re.MULTILINE)
        number, line, begin, end = (int(group) for group in shown.groups()[:4])
        body = next(body for told, body in zip(self.told, self.bodies, strict=True)
                    if str(told["sequence"]) == record["delivery"])
        own = body[begin:end].decode().strip()
        self.assertEqual(shown.group(5).strip(), own)
        self.assertEqual(own.split(",")[0], record["number"])
        self.assertEqual(body.splitlines()[line - 1].decode(), own)
        self.assertEqual(number, line - 1)
        told = json.loads(text[:text.index("\nrow ")])
        self.assertEqual(told["version"]["sequence"], int(record["sequence"]))

    def test_deliveries_are_listed_with_both_balances(self):
        listed = table(self.printed("deliveries", "--source", "csv_desk"))[::-1]
        expected = [(180, 180, 0, 0, 0), (52, 40, 7, 0, 5), (2, 0, 0, 2, 0)]
        self.assertEqual([tuple(int(delivery[name]) for name in
                                ("raw rows", "= accepted", "+ repeated", "+ in conflict",
                                 "+ quarantined")) for delivery in listed], expected)
        for delivery in listed:
            numbers = {name: int(text) for name, text in delivery.items() if text.isdigit()}
            self.assertEqual(numbers["raw rows"], numbers["= mapped"] + numbers["+ skipped"]
                             + numbers["+ refused"])
        self.assertEqual([int(delivery["delivery"]) for delivery in listed],
                         [told["sequence"] for told in self.told])
        self.assertEqual(table(self.printed("deliveries", "--source", "json_desk")), [])

    def test_quarantine_lists_and_exports_each_bad_row_with_its_reason(self):
        delivery = self.told[1]["sequence"]
        listed = table(self.printed("quarantine", "--delivery", str(delivery)))
        first_bad = len(self.second) + 7 + 1
        self.assertEqual([(row["row"], row["column"], row["value"], row["reason"])
                          for row in listed],
                         [(str(first_bad + index), *because)
                          for index, because in enumerate(BAD_BECAUSE)])
        exported = list(csv.DictReader(io.StringIO(self.printed("quarantine", "--csv"))))
        self.assertEqual([(row["delivery"], row["column"], row["value"], row["reason"])
                          for row in exported[:5]],
                         [(str(delivery), *("" if cell == "–" else cell for cell in because))
                          for because in BAD_BECAUSE])
        self.assertEqual([row["reason"] for row in exported[5:]], ["conflict", "conflict"])
        body = self.bodies[1]
        for row, bad in zip(exported, BAD, strict=False):
            self.assertTrue(body[int(row["byte_offset"]):].decode().startswith(bad["number"]))

    def test_status_tells_the_last_sequence_and_that_intake_is_open(self):
        told = json.loads(self.printed("status"))
        self.assertEqual((told["ready"], told["intake"], told["intake_reason"]),
                         (True, "open", None))
        # Deliveries and records are numbered in one row.
        last = self.told[2]["sequence"] + self.told[2]["counts"]["accepted"]
        self.assertEqual(told["snapshot"]["sequence"], last)

    def test_verify_tells_what_it_compared(self):
        self.assertRegex(self.printed("verify"),
                         r"^3 deliveries read back, 3 mapped again, 2 measures compared at 3 moments, "
                         r"\d+ figures and 12 changes computed again, 0 reported indicators compared: "
                         r"0 findings\n$")

    def test_unknown_names_are_answered_with_what_is_near(self):
        for arguments, near in (
                (("figure", "all_reqests", "--period", "2025"), "all_requests"),
                (("explain", "fees_takn", "--period", "2025"), "fees_taken"),
                (("figure", "fees_taken", "--period", "2025", "--unit", "nort"), "north North"),
                (("figure", "fees_taken", "--period", "2025", "--by", "chanel"), "channel"),
                (("explain", "--measure", "reqests", "--period", "2025"), "requests"),
                (("deliveries", "--source", "csv_dsk"), "csv_desk"),
                (("quarantine", "--dataset", "reqest"), "request"),
                (("token", "json_dsk"), "json_desk")):
            with self.subTest(arguments):
                said = self.refused(*arguments)
                self.assertRegex(said, rf"^fansipan: .*near it: .*\b{near}\b")
                self.assertEqual(said.count("\n"), 1)
        told = self.run_command("--json", "figure", "all_reqests", status=1)
        self.assertEqual(json.loads(told.stdout)["code"], "unknown_indicator")


class Changing(CommandTest):
    """Commands that change something: a server for each test."""

    def setUp(self):
        type(self).server = harness.Server(self.center).start()
        self.addCleanup(self.server.remove)
        self.token = self.printed("token", "csv_desk").strip()

    def test_replayed_after_mending_the_rows_count_and_leave_the_quarantine(self):
        bad = [desk.row(f"late-{number}", ward="X", handed_in="2025-03-09T09:00:00+07:00",
                        fee=f"{number}.50") for number in range(4)]
        good = rows_of(1, 12)
        delivery = str(self.push(self.token, good + bad)["sequence"])
        self.assertEqual(Decimal(self.figure("fees_taken", "2025")["value"]),
                         value_of("fees_taken", good))

        mended = harness.copied_center(self, self.center)
        with open(os.path.join(mended, "territory", "codes.csv"), "a", encoding="utf-8") as file:
            file.write("ward,X,south,2000-01-01,,sample\n")
        running = self.figure("fees_taken", "2025")["snapshot"].split("center ")[1]
        planned = self.printed("plan", mended, "--no-figures")
        self.assertNotIn(running, planned)
        self.assertGreater(planned.count("\n"), 1, "the difference should be told")
        self.assertEqual(self.printed("plan", self.center, "--no-figures"),
                         f"revision {running}\n")
        self.assertEqual(self.figure("fees_taken", "2025")["snapshot"].split("center ")[1], running)
        self.assertEqual(self.printed("apply", mended), planned)
        self.assertEqual(self.printed("plan", mended, "--no-figures"),
                         planned.splitlines()[-1] + "\n")

        told = json.loads(self.printed("replay", delivery))
        self.assertEqual((told["counts"]["accepted"], told["counts"]["repeated"],
                          told["counts"]["quarantined"], told["replay_of"]),
                         (4, 12, 0, int(delivery)))
        self.assertEqual(Decimal(self.figure("fees_taken", "2025")["value"]),
                         value_of("fees_taken", good + bad))
        self.assertEqual(table(self.printed("quarantine")), [])
        self.assertEqual(len(table(self.printed("quarantine", "--open", "false"))), 4)
        self.assertEqual({row["replay of"] for row in table(self.printed("deliveries"))},
                         {delivery, "–"})
        self.assertIn("2 deliveries read back", self.printed("verify"))

    def test_a_token_is_for_one_source_and_any_other_is_wrong(self):
        self.assertRegex(self.token, r"^fst_[\w-]{20,}$")
        self.assertEqual(self.push(self.token, rows_of(1, 3))["counts"]["accepted"], 3)
        for wrong in ("", self.token[:-1], self.token.swapcase(), self.token + "A"):
            answer = self.server.push("csv_desk", wrong, desk.to_csv(rows_of(4, 1)))
            self.assertEqual(answer.status, 401, answer.body)
        other = self.server.push("json_desk", self.token, b"{}", content_type="application/json")
        self.assertEqual(other.status, 403, other.body)
        another = self.printed("token", "csv_desk").strip()
        self.assertNotEqual(another, self.token)
        for token in (self.token, another):
            self.assertEqual(self.push(token, rows_of(1, 3))["counts"]["repeated"], 3)
        self.assertEqual(self.figure("all_requests", "2025")["value"], "3")

    def test_verify_finds_a_byte_that_was_changed_in_the_archive(self):
        before = self.server.stored_files()
        self.push(self.token, rows_of(1, 50))
        self.assertIn(": 0 findings", self.printed("verify"))
        payload, = (path for path in self.server.stored_files()
                    if "/archive/" in path and path not in before)
        with open(payload, "r+b") as file:
            file.seek(os.path.getsize(payload) // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        said = self.run_command("verify", status=1).stdout
        self.assertRegex(said, r"[1-9]\d* findings\n$")
        self.assertRegex(said.splitlines()[0], r": expected .*, found ")
        told = self.run_command("--json", "verify", status=1).stdout
        self.assertTrue(json.loads(told)["findings"])

    def test_more_quarantine_than_a_page_is_listed_page_by_page(self):
        self.push(self.token, [desk.row(number, ward="X") for number in range(150)])
        first = self.printed("quarantine")
        more = re.search(r"^more: --cursor (\S+)$", first, re.MULTILINE)
        self.assertTrue(more, "rows were left out, and nothing said so")
        second = self.printed("quarantine", "--cursor", more.group(1))
        self.assertEqual([row["row"] for row in table(first) + table(second)],
                         [str(row) for row in range(1, 151)])

    def test_what_was_delivered_does_not_steer_the_terminal(self):
        self.push(self.token, [desk.row("bell\x07"), desk.row("clear", channel="\x1b[2J\u009b2J"),
                               desk.row("lines", fee="a\nb")])
        told = self.printed("quarantine")
        told += self.printed("explain", "--measure", "requests", "--period", "2026")
        records = table(self.printed("explain", "--measure", "requests", "--period", "2026"))
        self.assertEqual([row["number"] for row in records], [r"bell\x07"])
        told += self.printed("explain", "--version", records[0]["sequence"])
        self.assertEqual([letter for letter in told if letter != "\n" and not letter.isprintable()],
                         [])
        self.assertEqual([row["value"] for row in table(self.printed("quarantine"))],
                         [r"\x1b[2J\x9b2J", r"a\x0ab"])


class Folders(CommandTest):
    """Commands that read a center's folder."""

    def lines_of(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read().splitlines()

    def edit(self, name, old, new, word=None):
        """Gives the place where the word (`new` itself) now stands: file, line, column."""
        lines = self.lines_of(name)
        at = next(index for index, line in enumerate(lines) if old in line)
        lines[at] = lines[at].replace(old, new, 1)
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return name, at + 1, lines[at].index(word or new) + 1

    def setUp(self):
        self.folder = harness.copied_center(self, self.center)

    def test_a_good_center_is_summed_up(self):
        units = len(self.lines_of("territory/units.csv")) - 1
        said = self.printed("check", self.folder)
        self.assertRegex(said, rf"^desk: revision \w+, {units} units, 1 datasets, 2 measures, "
                               r"3 indicators, no problem\n$")
        revision = json.loads(self.printed("--json", "check", self.folder))["revision"]
        self.assertIn(revision, said)

    def test_every_error_is_told_with_file_line_and_column(self):
        places = [self.edit("center.yaml", "Asia/Ho_Chi_Minh", "Asia/Hanoy"),
                  self.edit(f"{DESK}/datasets.yaml", "number]", "nubmer]"),
                  self.edit(f"{DESK}/indicators.yaml", "fees / requests", "fees / reqests",
                            "reqests"),
                  self.edit(f"{DESK}/panels.yaml", "all_requests", "al_requests"),
                  self.edit(f"{DESK}/sources.yaml", "format: json", "format: jsno", "jsno")]
        words = ["Asia/Hanoy", "nubmer", "reqests", "al_requests", "jsno"]
        for command in ("check", "plan", "apply"):
            with self.subTest(command):
                said = self.refused(command, self.folder)
                found = re.findall(r"^(\S+\.\w+):(\d+):(\d+): (.+)$", said, re.MULTILINE)
                self.assertEqual(len(found), len(set(found)), "each is told once:\n" + said)
                for (name, line, column), word in zip(places, words, strict=True):
                    own = [(int(at), int(from_column)) for file, at, from_column, message in found
                           if file == name and word in message]
                    self.assertTrue(own, f"{name}: {word}\n{said}")
                    self.assertEqual(own[0], (line, column), said)
                self.assertIn(f"{len(found)} problems", said)
        told = json.loads(self.run_command("--json", "check", self.folder, status=1).stdout)
        self.assertEqual(len(told["problems"]), len(found))


if __name__ == "__main__":
    harness.main(Reading, Changing, Folders)
