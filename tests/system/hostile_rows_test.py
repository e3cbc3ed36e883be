"""Bad rows among good ones: set aside one by one with row, column, value and reason."""

import csv
import io
import json
import os
import re

import desk
import harness


def described_reasons():
    """The reasons of quarantined rows that the API's description lists."""
    with open(os.path.join(harness.ROOT, "schemas", "openapi.yaml"), encoding="utf-8") as file:
        listed = re.search(r"\n    QuarantineReason:\n.*?enum: \[(.*?)\]", file.read(), re.DOTALL)
    return set(re.findall(r"\w+", listed.group(1)))


class HostileRows(desk.DeskTest):
    def counts(self, report):
        """The report's counts, after both balances were added up."""
        counts = report["counts"]
        self.assertEqual(counts["raw_rows"],
                         counts["mapped"] + counts["skipped"] + counts["refused"])
        self.assertEqual(counts["candidates"], counts["accepted"] + counts["repeated"]
                         + counts["in_conflict"] + counts["quarantined"])
        return counts

    def quarantined(self, delivery):
        """(raw row, column, value, reason) of each, in order."""
        page = self.server.get("/quarantine", delivery=delivery, limit=1000).json()
        self.assertIsNone(page["next"])
        self.assertLessEqual({item["reason"] for item in page["items"]}, described_reasons())
        return sorted(((item["raw_row"], item["column"], item["value"], item["reason"])
                       for item in page["items"]), key=str)

    def take(self, source, body, good):
        """The delivery is taken, and its good rows show in the figure."""
        before = self.requests()
        answer = self.push(source, body)
        self.assertEqual((answer.status, answer.json()["outcome"]), (201, "accepted"), answer.body)
        counts = self.counts(answer.json())
        self.assertEqual(counts["accepted"], good)
        harness.wait_until(lambda: self.requests() == before + good, "the good rows")
        return answer.json()["sequence"], counts

    def test_values_that_are_wrong_one_by_one(self):
        wrong = [("number", "", "missing_key", None), ("ward", "", "missing_value", None),
                 ("ward", "X", "unknown_place", "X"), ("channel", "pigeon", "not_allowed", "pigeon"),
                 ("handed_in", "2026-02-30T09:00:00Z", "impossible_date", "2026-02-30T09:00:00Z"),
                 ("handed_in", "yesterday", "not_a_timestamp", "yesterday"),
                 ("due", "2026-13-01", "impossible_date", "2026-13-01"),
                 ("due", "09/03/2026", "not_a_date", "09/03/2026"),
                 ("pages", "three", "not_an_integer", "three"),
                 ("pages", "9" * 40, "out_of_range", "9" * 40),
                 ("fee", "1,50", "not_a_decimal", "1,50"), ("fee", "NaN", "not_a_decimal", "NaN"),
                 ("fee", "1.505", "too_many_decimals", "1.505"),
                 ("urgent", "perhaps", "not_a_boolean", "perhaps")]
        rows, expected = [desk.row("w-first")], []
        for number, (column, text, reason, value) in enumerate(wrong):
            rows.append(desk.row(f"w-{number}", **{column: text}))
            expected.append((number + 2, column, value, reason))
        rows.append(desk.row("w-last"))
        delivery, counts = self.take("csv_desk", desk.to_csv(rows), good=2)
        self.assertEqual(counts["quarantined"], len(wrong))
        self.assertEqual(self.quarantined(delivery), sorted(expected, key=str))

    def test_each_fault_of_a_row_is_told_and_a_broken_rule_names_no_column(self):
        rows = [desk.row("f-1", pages="x", fee="y"), desk.row("f-2", pages="-1")]
        delivery, counts = self.take("csv_desk", desk.to_csv(rows), good=0)
        self.assertEqual(counts["quarantined"], 2)
        self.assertEqual(self.quarantined(delivery),
                         [(1, "fee", "y", "not_a_decimal"), (1, "pages", "x", "not_an_integer"),
                          (2, None, None, "rule_broken")])

    def test_a_conflict_within_a_delivery_keeps_both_sides_out_and_a_repeat_is_none(self):
        rows = [desk.row("c-1", pages="1"), desk.row("c-2"), desk.row("c-1", pages="2"),
                desk.row("c-2"), desk.row("c-3")]
        delivery, counts = self.take("csv_desk", desk.to_csv(rows), good=2)
        self.assertEqual((counts["in_conflict"], counts["repeated"]), (2, 1))
        self.assertEqual(self.quarantined(delivery),
                         [(1, None, "c-1", "conflict"), (3, None, "c-1", "conflict")])

    def test_an_event_told_otherwise_than_before_is_set_aside(self):
        self.take("csv_desk", desk.to_csv([desk.row("o-1", pages="1")]), good=1)
        delivery, counts = self.take("csv_desk", desk.to_csv([desk.row("o-1", pages="2")]), good=0)
        self.assertEqual(counts["in_conflict"], 1)
        self.assertEqual([row[3] for row in self.quarantined(delivery)],
                         ["conflict_with_recorded"])

    def test_csv_rows_that_cannot_be_decoded(self):
        good = [desk.to_csv([desk.row(f"d-{n}")]).splitlines()[1] for n in range(2)]
        lines = [desk.to_csv([]).strip(), good[0], good[1] + b",more", b"d-3,N",
                 b"d-4,\xff,2026-03-02T09:00:00Z,,,,,counter", b'd-5,"N"x,2026-03-02,,,,,counter',
                 b"d-6,\0,2026-03-02T09:00:00Z,,,,,counter", good[1]]
        delivery, counts = self.take("csv_desk", b"\n".join(lines), good=2)
        self.assertEqual((counts["raw_rows"], counts["refused"]), (7, 5))
        self.assertEqual([(row[0], row[3]) for row in self.quarantined(delivery)],
                         [(2, "too_many_columns"), (3, "too_few_columns"), (4, "invalid_utf8"),
                          (5, "bad_quoting"), (6, "invalid_utf8")])

    def test_json_records_that_are_wrong(self):
        rows = [desk.row("j-1"), 7, desk.row("j-2", pages={"a": [1]}), [desk.row("j-3")],
                desk.row("j-4", pages=4, fee=2.5, urgent=False), {"number": "j-5"},
                desk.row("j-6", pages=None)]
        delivery, counts = self.take("json_desk", desk.to_json(rows), good=3)
        self.assertEqual((counts["raw_rows"], counts["refused"], counts["quarantined"]), (7, 2, 2))
        reasons = [(row[0], row[1], row[3]) for row in self.quarantined(delivery)]
        self.assertEqual(reasons, [
            (2, None, "not_an_object"), (3, "pages", "not_an_integer"),
            (4, None, "not_an_object"), (6, "channel", "missing_value"),
            (6, "handed_in", "missing_value"), (6, "ward", "missing_value")])

    def test_lines_of_json_that_are_wrong(self):
        good = json.dumps(desk.row("n-1")).encode()
        lines = [good, b"{", b"", b'{"number": "n-2", "number": "n-3"}', b'"\\ud800"',
                 b"[" * 50 + b"]" * 50, b'{"number": "\xff"}', b"{} {}",
                 json.dumps(desk.row("n-4")).encode()]
        delivery, counts = self.take("ndjson_desk", b"\n".join(lines) + b"\n", good=2)
        self.assertEqual((counts["raw_rows"], counts["refused"]), (8, 6))
        self.assertEqual([(row[0], row[3]) for row in self.quarantined(delivery)],
                         [(2, "not_json"), (3, "duplicate_member"), (4, "not_an_object"),
                          (5, "too_deep"), (6, "invalid_utf8"), (7, "not_json")])

    def test_long_values_are_cut_and_no_spreadsheet_runs_what_is_exported(self):
        rows = [desk.row("x-1", pages="=HYPERLINK(1)"), desk.row("x-2", pages="đ" * 5000),
                desk.row("x-3", pages="+1\t\"'\r\n@x")]
        delivery, _ = self.take("csv_desk", desk.to_csv(rows), good=0)
        values = [row[2] for row in self.quarantined(delivery)]
        self.assertTrue(all(len(value.encode()) <= 200 for value in values), values)
        self.assertIn("đ" * 100, values)
        exported = self.server.call("GET", f"/quarantine?delivery={delivery}",
                                    headers={"Accept": "text/csv"})
        cells = [row["value"] for row in csv.DictReader(io.StringIO(exported.body.decode(),
                                                                    newline=""))]
        self.assertEqual(len(cells), 3)
        self.assertFalse([cell for cell in cells if cell[0] in "=+-@\t\r"], cells)

    def test_where_a_quarantined_row_begins_is_told_to_the_byte(self):
        body = desk.to_csv([desk.row("số-1"), desk.row("số-2", pages="x"), desk.row("số-3")])
        delivery, _ = self.take("csv_desk", body, good=2)
        item = self.server.get("/quarantine", delivery=delivery).json()["items"][0]
        self.assertTrue(body[item["byte_offset"]:].startswith("số-2,".encode()))
        payload = self.server.get(f"/deliveries/{delivery}/payload")
        self.assertEqual(payload.body, body)

    def tearDown(self):
        self.assertIsNone(self.server.process.poll())


if __name__ == "__main__":
    harness.main(HostileRows)
