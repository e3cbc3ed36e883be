"""From a pushed row to a figure that answers for itself, and back to the bytes."""

import gzip
import os
import shutil
import unittest

import harness
import permit_rows


class WayOfARecord(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server(harness.PERMITS).start().sign_in()
        self.token = self.server.push_token("permit_log")

    def tearDown(self):
        self.server.remove()

    def push(self, rows, **options):
        return self.server.push("permit_log", self.token, permit_rows.to_csv(rows), **options)

    def cases(self):
        return self.server.figure("all_cases", tree="organisation", period="2026")["value"]

    def test_a_pushed_row_becomes_a_figure_with_a_passport_down_to_its_bytes(self):
        rows = [permit_rows.row(1), permit_rows.row(2, end="2026-03-05T10:00:00Z")]
        report = self.push(rows).json()
        counts = report["counts"]
        self.assertEqual(counts["raw_rows"],
                         counts["mapped"] + counts["skipped"] + counts["refused"])
        self.assertEqual(counts["candidates"], counts["accepted"] + counts["repeated"]
                         + counts["in_conflict"] + counts["quarantined"])
        harness.wait_until(lambda: self.cases() == "2", "two cases")
        figure = self.server.figure("all_cases", tree="organisation", period="2026")
        passport = figure["passport"]
        self.assertEqual(passport["records"], 2)
        self.assertEqual(passport["deliveries"], 1)
        self.assertEqual(passport["sources"][0]["state"], "live")
        self.assertTrue(passport["received_at"])
        records = self.server.get("/explain/records", measure="cases", tree="organisation",
                                  unit="general", period="2026").json()
        self.assertEqual(len(records["items"]), 2)
        # What was recorded last comes first.
        self.assertEqual([item["key"]["case_id"] for item in records["items"]],
                         ["case-2", "case-1"])
        record = records["items"][1]
        versions = self.server.get("/records/permit/versions",
                                   **{"key.case_id": record["key"]["case_id"]}).json()
        self.assertTrue(versions["items"][0]["current"])
        raw = self.server.get(f"/versions/{record['sequence']}/raw").json()
        own = [row for row in raw["rows"] if row.get("of_version", True)]
        self.assertIn("case-1", own[0]["text"])
        payload = self.server.get(f"/deliveries/{record['delivery']}/payload")
        span = payload.body[own[0]["offset"]:own[0]["offset"] + own[0]["length"]].decode()
        self.assertIn("case-1", span)

    def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(self):
        first = self.push([permit_rows.row(1)], key="one")
        again = self.push([permit_rows.row(1)], key="one")
        self.assertEqual((first.status, again.status), (201, 200))
        self.assertEqual(first.json()["sequence"], again.json()["sequence"])
        self.assertEqual(again.headers.get("idempotent-replay"), "true")
        other = self.push([permit_rows.row(2)], key="one")
        self.assertEqual((other.status, other.code), (422, "idempotency_key_reused"))

    def test_delivered_again_changes_nothing(self):
        rows = [permit_rows.row(number) for number in range(5)]
        self.push(rows)
        report = self.push(rows).json()
        self.assertEqual(report["counts"]["repeated"], report["counts"]["candidates"])
        harness.wait_until(lambda: self.cases() == "5", "five cases")

    def test_compressed_bodies_are_taken_and_a_bomb_is_not(self):
        body = permit_rows.to_csv([permit_rows.row(1)])
        taken = self.server.push("permit_log", self.token, gzip.compress(body),
                                 encoding="gzip")
        self.assertEqual(taken.status, 201)
        bomb = gzip.compress(b"\0" * 300_000_000)
        refused = self.server.push("permit_log", self.token, bomb, encoding="gzip")
        self.assertIn(refused.status, (413, 422))
        self.assertEqual(refused.headers["content-type"], "application/problem+json")

    def test_bad_rows_are_quarantined_one_by_one_and_the_rest_is_taken(self):
        bad_place = permit_rows.row(3, department="Nowhere")
        bad_date = permit_rows.row(4, end="2026-02-30T00:00:00Z")
        no_key = permit_rows.row(5, event="e5")
        no_key["case:concept:name"] = ""
        report = self.push([permit_rows.row(1), bad_place, bad_date, no_key]).json()
        self.assertEqual(report["outcome"], "accepted")
        harness.wait_until(lambda: self.cases() == "1", "the good case")
        rows = harness.wait_until(
            lambda: self.server.get("/quarantine", delivery=report["sequence"]).json()["items"],
            "quarantine")
        reasons = {row["reason"] for row in rows}
        self.assertLessEqual({"unknown_place", "impossible_date", "missing_key"}, reasons)
        exported = self.server.call("GET", "/quarantine", headers={"Accept": "text/csv"})
        self.assertIn(b"unknown_place", exported.body)

    def test_bodies_that_are_not_the_format_leave_nothing(self):
        for body in (b"\xff\xfe\x00", b'a,b\n"cut', b"other,columns\n1,2\n", b""):
            answer = self.server.push("permit_log", self.token, body)
            self.assertGreaterEqual(answer.status, 400, body)
            self.assertEqual(answer.headers["content-type"], "application/problem+json")
            self.assertTrue(answer.code)
        self.assertEqual(self.server.get("/deliveries").json()["items"], [])

    def test_unknown_names_are_answered_with_what_is_near(self):
        unknown = self.server.get("/figures", indicator="all_casess", period="2026")
        self.assertEqual(unknown.status, 404)
        self.assertIn("all_cases", unknown.body.decode())
        place = self.server.get("/figures", indicator="all_cases", tree="organisation",
                                unit="generel", period="2026")
        self.assertEqual(place.status, 404)
        self.assertIn("general", place.body.decode())
        period = self.server.get("/figures", indicator="all_cases", period="2026-13")
        self.assertIn(period.status, (400, 404))

    def test_quarantined_rows_are_replayed_in_their_place_after_the_mapping_is_mended(self):
        old = permit_rows.row(7, happened="2026-03-02T09:00:00Z", department="Genral")
        first = self.push([old]).json()
        self.assertEqual(first["counts"]["accepted"] + first["counts"]["quarantined"], 2)
        mended = self.server.data + "-mended"
        shutil.copytree(harness.PERMITS, mended)
        self.addCleanup(shutil.rmtree, mended)
        for name in ("permit.sql", "permit_event.sql"):
            path = os.path.join(mended, "systems", "permits", "mappings", name)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            text = text.replace("' ', '-')", "'Genral', 'General')")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        applied = self.server.run("apply", mended)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        replayed = self.server.call("POST", f"/deliveries/{first['sequence']}/replay")
        self.assertEqual(replayed.json()["counts"]["accepted"], 2)
        harness.wait_until(lambda: self.cases() == "1", "the mended case")
        self.assertEqual(self.server.get("/quarantine", open="true").json()["items"], [])
        verified = self.server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_a_center_with_errors_changes_nothing(self):
        broken = self.server.data + "-broken"
        shutil.copytree(harness.PERMITS, broken)
        self.addCleanup(shutil.rmtree, broken)
        with open(os.path.join(broken, "systems", "permits", "indicators.yaml"), "a",
                  encoding="utf-8") as file:
            file.write("  wrong: {formula: nothing_there + 1}\n")
        before = self.server.get("/center").json()["revision"]
        applied = self.server.run("apply", broken)
        self.assertEqual(applied.returncode, 1)
        self.assertRegex(applied.stderr, r"indicators\.yaml:\d+:\d+: ")
        self.assertEqual(self.server.get("/center").json()["revision"], before)


if __name__ == "__main__":
    harness.main(WayOfARecord)
