"""GET /metrics after some traffic: well-formed for Prometheus, and a time for every stage."""

import re
import shutil
import subprocess
import unittest

import harness
import permit_rows

# Stage of a record's way → the series whose count tells that it was timed.
STAGES = {
    "receive": 'fansipan_http_stage_seconds_count{stage="receive"}',
    "wait for a thread": 'fansipan_http_lane_wait_seconds_count{lane="intake"}',
    "unpack": 'fansipan_http_stage_seconds_count{stage="unpack"}',
    "decode and map": 'fansipan_stage_seconds_count{stage="map"}',
    "validate": 'fansipan_stage_seconds_count{stage="validate"}',
    "archive": 'fansipan_stage_seconds_count{stage="archive"}',
    "from the committer's queue to its answer": 'fansipan_stage_seconds_count{stage="commit"}',
    "journal": 'fansipan_stage_seconds_count{stage="journal"}',
    "index and cells": 'fansipan_stage_seconds_count{stage="publish"}',
    "facts": 'fansipan_stage_seconds_count{stage="facts"}',
    "answer": 'fansipan_http_stage_seconds_count{stage="write"}',
    "whole request": 'fansipan_http_request_seconds_count'
                     '{route="/api/v1/sources/{name}/deliveries"}',
}


class Metrics(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server(harness.PERMITS).start().sign_in()
        self.addCleanup(self.server.remove)
        self.token = self.server.push_token("permit_log")
        for number in range(3):
            rows = [permit_rows.row(number)]
            taken = self.server.push("permit_log", self.token, permit_rows.to_csv(rows))
            self.assertEqual(taken.status, 201, taken.body)
        self.server.push("permit_log", self.token, b"\xff", encoding="gzip")
        self.server.deliveries()
        self.server.figure("all_cases", tree="organisation", period="2026")
        self.server.get("/figures", indicator='no"such\\one', period="2026")

    def scrape(self):
        answer = self.server.get("/metrics")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["content-type"].startswith("text/plain; version=0.0.4"))
        return answer.body.decode()

    def series(self):
        lines = [line for line in self.scrape().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def test_promtool_finds_nothing_wrong(self):
        if not shutil.which("promtool"):
            self.skipTest("promtool (Debian package prometheus) is not installed")
        checked = subprocess.run(["promtool", "check", "metrics"], input=self.scrape(),
                                 capture_output=True, text=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_every_stage_of_a_record_has_a_time(self):
        series = self.series()
        untimed = [stage for stage, name in STAGES.items() if series.get(name, 0) < 1]
        self.assertEqual(untimed, [])

    def test_every_bounded_queue_shows_how_full_it_is(self):
        series = self.series()
        for queue in ("lane_figures", "lane_heavy", "lane_intake", "lane_sign_in", "commit",
                      "workers", "cell_log", "index_snapshot", "live_viewers", "connections",
                      "body_bytes"):
            with self.subTest(queue):
                capacity = series[f'fansipan_queue_capacity{{queue="{queue}"}}']
                self.assertGreater(capacity, 0)
                self.assertLessEqual(series[f'fansipan_queue_items{{queue="{queue}"}}'], capacity)
        deliveries = 'queue="deliveries",source="permit_log"'
        self.assertEqual(series[f"fansipan_queue_capacity{{{deliveries}}}"], 6)
        self.assertEqual(series[f"fansipan_queue_items{{{deliveries}}}"], 0)

    def test_counts_follow_what_happened(self):
        route = 'route="/api/v1/sources/{name}/deliveries"'
        series = self.series()
        answers = {name: value for name, value in series.items()
                   if name.startswith("fansipan_http_responses_total") and route in name}
        self.assertEqual({re.search(r'status="(\d+)"', name).group(1): value
                          for name, value in answers.items()}, {"201": 3, "422": 1})
        self.assertEqual(series['fansipan_stage_seconds_count{stage="journal"}'], 4)

    def test_no_name_from_a_request_becomes_a_label(self):
        for number in range(30):
            self.server.get(f"/sources/invented{number}/tokens")
            self.server.get(f"/nowhere{number}")
        self.assertNotIn("invented", self.scrape())
        self.assertNotIn("nowhere", self.scrape())


if __name__ == "__main__":
    harness.main(Metrics)
