"""From an official text to the events of a center, with a person's decision in between."""

import json
import os
import subprocess
import tempfile
import unittest

import harness

BEFORE = """code,level,full_name,parent
P,province,Tỉnh Núi Xanh,
D1,district,Huyện Thượng,P
D2,district,Huyện Hạ,P
c1,commune,Xã Hoà An,D1
c2,commune,Xã Tân Lập,D1
c3,commune,Xã Tân Lập,D2
c4,commune,Thị trấn N.T Đồi Chè,D2
"""
AFTER = """code,level,full_name,parent,origin
P2,province,Tỉnh Núi Xanh,,tỉnh Núi Xanh
n1,commune,Xã Thượng,P2,"Xã Hòa An, Xã Tân Lập"
n2,commune,Xã Hạ,P2,"TT. Nông trường Đồi Chè, Xã Tân Lốt"
"""
DECISIONS = """statement,mention,units,who,day,why
n2,Xã Tân Lốt,c3,Trần Thị Hoa,2025-08-04,viết sai tên
"""


class Matching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fansipan-territory-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def match(self, *options, status, before=BEFORE, json_form=False):
        command = [harness.PROGRAM, *(["--json"] if json_form else []), "territory", "match",
                   "--before", self.write("before.csv", before),
                   "--after", self.write("after.csv", AFTER), *options]
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def test_what_is_not_certain_is_listed_and_then_decided(self):
        said = self.match("--open", self.path("open.csv"), status=1)
        self.assertIn("settled: 3 of 4", said)
        self.assertIn("Xã Tân Lốt", self.read("open.csv"))
        self.assertIn("c3 Xã Tân Lập", self.read("open.csv"))
        decisions = self.write("decisions.csv", DECISIONS)
        said = self.match("--decisions", decisions, "--events", self.path("events.csv"), "--day",
                          "2025-07-01", "--suffix", "@2025", "--basis", "Nghị quyết 1", status=0)
        self.assertIn("settled: 4 of 4", said)
        self.assertIn("nothing is left to decide", said)
        self.assertEqual(self.read("events.csv").splitlines()[1:], [
            "2025-07-01,merge,P@2025,P2,,,Nghị quyết 1",
            "2025-07-01,end,D1@2025,,,,Nghị quyết 1",
            "2025-07-01,end,D2@2025,,,,Nghị quyết 1",
            "2025-07-01,merge,c1@2025,n1,,,Nghị quyết 1",
            "2025-07-01,merge,c2@2025,n1,,,Nghị quyết 1",
            "2025-07-01,merge,c3@2025,n2,,,Nghị quyết 1",
            "2025-07-01,merge,c4@2025,n2,,,Nghị quyết 1"])

    def test_figures_for_programs(self):
        result = json.loads(self.match("--open", self.path("open.csv"), status=1, json_form=True))
        self.assertEqual((result["units"], result["settled"], result["open_mentions"]), (4, 3, 1))

    def test_lists_that_are_wrong_are_told_with_their_line(self):
        said = self.match(status=1, before=BEFORE.replace("c1,commune,Xã Hoà An,D1",
                                                          "c1,commune,Xã Hoà An,D9"))
        self.assertIn("before.csv:5:1: the parent 'D9' is not in the list", said)
        decisions = self.write("decisions.csv", DECISIONS.replace("c3", "c9"))
        self.assertIn("decisions.csv:2:1: 'c9' is no unit", self.match(
            "--decisions", decisions, status=1))
        self.match("--events", self.path("events.csv"), status=2)


if __name__ == "__main__":
    harness.main(Matching)
