"""A holiday decided afterwards moves what clocks say: told as such, with the records that it moved."""

import json
import os
import unittest

import harness

TERMS = os.path.join(harness.ROOT, "tests", "centers", "terms")
# Both were finished on 4 March; Tuesday the 3rd lies in the time of the first alone.
ROWS = """id,changed_at,status,commune,agency,received_at,days,finished_at,promised_at,suspended_from,suspended_until
long,2026-03-04T10:00:00,done,C1,A1,2026-03-02T08:00:00,2,2026-03-04T10:00:00,,,
short,2026-03-04T10:00:00,done,C1,A1,2026-03-04T08:00:00,2,2026-03-04T10:00:00,,,
"""


class ClocksRedefined(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server(TERMS).start().sign_in()
        self.addCleanup(self.server.remove)
        token = self.server.push_token("desk")
        pushed = self.server.push("desk", token, ROWS.encode())
        self.assertIn(pushed.status, (200, 201), pushed.body)

    def get(self, path):
        answer = self.server.call("GET", path.removeprefix("/api/v1"))
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def storm_center(self):
        center = harness.copied_center(self, TERMS)
        path = os.path.join(center, "calendars", "office.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        day = "holidays:\n          - {day: 2026-03-03, title: {vi: Nghỉ bão, en: Closed for the storm}}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("holidays:", day, 1))
        return center

    def test_the_step_leads_to_the_records_that_the_calendar_moved(self):
        before = next(iter(self.server.deliveries().values()))["recorded_at"]
        applied = self.server.run("apply", self.storm_center())
        self.assertEqual(applied.returncode, 0, applied.stdout + applied.stderr)

        path = "/explain/change?indicator=mean_hours&period=2026-03&from=" + before

        def changed():
            told = self.get(path)
            return told if told["steps"] else None
        change = harness.wait_until(changed, "the calendar moved the figure")
        # 7.5 hours less for one of two cases.
        self.assertEqual(change["difference"], "-3.75")
        self.assertEqual(len(change["steps"]), 1)
        step = change["steps"][0]
        self.assertEqual((step["causes"], step["aspects"]), (["redefined"], ["clocks"]))
        used = next(part for part in step["parts"] if part["name"] == "used")
        records = self.get(used["records_link"])
        self.assertEqual(len(records["items"]), 1, records)
        self.assertIn("long", json.dumps(records["items"]))
        corrected = self.get(used["records_link"].replace("cause=redefined", "cause=corrected"))
        self.assertEqual(corrected["items"], [])


if __name__ == "__main__":
    harness.main(ClocksRedefined)
