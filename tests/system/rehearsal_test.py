"""A merger that is still to come: planned, tried on a copy, looked at, and rolled back."""

import json
import os
import shutil
import tempfile
import unittest

import harness

COMMUNES = os.path.join(harness.ROOT, "tests", "centers", "communes")
ROWS = """number,commune,came_on,done_on,fee,minutes,channel
1,an,2025-06-10,2025-06-10,10.00,10,counter
2,binh,2025-06-10,,20.00,20,online
3,chau,2025-06-11,2025-06-12,5.00,8,counter
4,dong,2025-06-12,2025-06-12,10.00,10,counter
5,dong,2025-06-13,2025-06-13,10.00,10,counter
6,ha,2025-06-14,2025-06-14,1.00,20,counter
7,tay,2025-08-07,2025-08-07,10.00,15,counter
"""
# On 1 January 2027 Châu and Tây become one.
CHANGES = {
    "units.csv": [("chau,commune,Châu,Chau,tinh,2025-07-01,", "chau,commune,Châu,Chau,tinh,2025-07-01,2027-01-01"),
                  ("tay,commune,Tây,Tay,tinh,2025-07-01,", "tay,commune,Tây,Tay,tinh,2025-07-01,2027-01-01\n"
                   "chau_tay,commune,Châu Tây,Chau Tay,tinh,2027-01-01,")],
    "events.csv": [("part,ha,giang,,,Nghị quyết sắp xếp", "part,ha,giang,,,Nghị quyết sắp xếp\n"
                    "2027-01-01,merge,chau,chau_tay,,,Dự thảo\n2027-01-01,merge,tay,chau_tay,,,Dự thảo")],
    "codes.csv": [("ten,chau,chau,2020-01-01,", "ten,chau,chau,2020-01-01,2027-01-01"),
                  ("ten,tay,tay,2025-07-01,", "ten,tay,tay,2025-07-01,2027-01-01\n"
                   "ten,chau_tay,chau_tay,2027-01-01,")],
    "attributes.csv": [("chau,population,3000,2020-01-01,,", "chau,population,3000,2020-01-01,2027-01-01,")],
}


def merged_center(test):
    center = harness.copied_center(test, COMMUNES)
    for name, changes in CHANGES.items():
        path = os.path.join(center, "territory", name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for old, new in changes:
            assert old in text, (name, old)
            text = text.replace(old, new)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return center


class Rehearsal(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server(COMMUNES).start().sign_in()
        self.addCleanup(self.server.remove)
        token = self.server.push_token("desk")
        pushed = self.server.push("desk", token, ROWS.encode())
        self.assertIn(pushed.status, (200, 201), pushed.body)
        self.merged = merged_center(self)

    def printed(self, server, *arguments):
        result = server.run(*arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def value(self, server, unit, *options):
        answer = json.loads(self.printed(server, "--json", "figure", "visits", "--unit", unit,
                                         "--period", "2025-06", *options))
        return answer["figures"][0]

    def start_copy(self):
        folder = tempfile.mkdtemp(prefix="fansipan-rehearsal-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        data = os.path.join(folder, "copy")
        told = self.printed(self.server, "rehearse", self.merged, "--copy", data)
        self.assertIn(data, told)
        again = self.server.run("rehearse", self.merged, "--copy", data)
        self.assertEqual(again.returncode, 1, "a copy that is there is not overwritten")
        within = os.path.join(self.server.data, "archive", "..", "copy")
        refused = self.server.run("rehearse", self.merged, "--copy", within)
        self.assertEqual(refused.returncode, 1, "a copy in the data folder would be copied with it")
        self.assertFalse(os.path.exists(within))
        copy = harness.Server(self.merged, data=data).start()
        self.addCleanup(copy.stop)
        return copy

    def test_a_plan_names_what_the_merger_touches(self):
        planned = self.printed(self.server, "plan", self.merged)
        for wanted in ("touches figure of chau_tay, which has of chau, tay from 2027-01-01 on",
                       "not comparable, the series breaks: minutes_apart",
                       "weighted by population: minutes_by_people",
                       "touches rank of the units below tinh: 6 until 2026-12-31, then 5",
                       "touches obligation report reporting:2027-01",
                       "touches source_code source desk: codes of 'ten' chau, tay mean chau_tay",
                       "touches right "):
            self.assertIn(wanted, planned)
        self.assertNotIn("touches", self.printed(self.server, "plan", COMMUNES))

    def test_it_is_tried_on_a_copy_and_rolled_back(self):
        self.printed(self.server, "verify")
        copy = self.start_copy()
        self.printed(copy, "verify")
        merged = self.value(copy, "chau_tay", "--territory", "2027-01-01")
        # Châu's own, and of Đông's two the 0.6 that went to Tây.
        self.assertEqual(merged["value"], "2.2")
        self.assertIn("restated", merged["trust_marks"])
        made_of = {unit["unit"]["code"]: unit["share"]
                   for unit in merged["passport"]["restatement"]["units"]}
        self.assertEqual(made_of, {"chau": "1", "dong": "0.6"})
        # Rolled back on the copy, which then says what the running center says.
        self.printed(copy, "apply", COMMUNES)
        self.printed(copy, "verify")
        self.assertEqual(copy.run("figure", "visits", "--unit", "chau_tay", "--period",
                                  "2025-06").returncode, 1)
        before = self.value(copy, "an_binh", "--territory", "2025-07-01")
        self.assertEqual(before["value"], "2")
        copy.stop()
        # The running center never knew of it.
        self.assertEqual(self.value(self.server, "an_binh", "--territory", "2025-07-01")["value"],
                         "2")
        self.assertEqual(self.server.run("figure", "visits", "--unit", "chau_tay", "--period",
                                         "2025-06").returncode, 1)
        self.printed(self.server, "verify")


if __name__ == "__main__":
    harness.main(Rehearsal)
