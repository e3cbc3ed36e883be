"""Centers with errors: all of them are told, and the running center stays as it is."""

import os
import re

import desk
import harness

PLACE = re.compile(r"^([^:\n]+):(\d+):(\d+): (.+)$", re.MULTILINE)
DESK = os.path.join("systems", "desk")


class HostileCenters(desk.DeskTest):
    def setUp(self):
        self.folder = harness.copied_center(self, harness.DESK)

    def edit(self, name, old, new):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(old, text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new, 1))

    def write(self, name, content):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(content)

    def problems(self, command):
        """file → [(line, message)] of what check or apply says."""
        result = self.server.run(command, self.folder)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        found = {}
        for file, line, column, message in PLACE.findall(result.stderr):
            self.assertGreaterEqual(int(column), 1)
            found.setdefault(file, []).append((int(line), message))
        return found

    def assert_unchanged(self):
        """`apply` of the folder changes nothing, and the center that runs goes on."""
        before = self.server.get("/center").json()["revision"], self.requests()
        self.assertTrue(self.problems("apply"))
        self.assertEqual((self.server.get("/center").json()["revision"], self.requests()), before)
        self.push_good()

    def test_all_errors_of_all_files_are_told_at_once(self):
        self.edit("center.yaml", "Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Min")
        self.edit("territory/units.csv", "south,ward,South,The south ward,town",
                  "south,ward,South,The south ward,twon")
        self.edit(f"{DESK}/datasets.yaml", "key: [number]", "key: [nubmer]")
        self.edit(f"{DESK}/datasets.yaml", '"pages >= 0"', '"pages >="')
        self.edit(f"{DESK}/sources.yaml", "format: json", "format: xml")
        self.edit(f"{DESK}/sources.yaml", "title: {en: Requests as CSV}", "titel: {en: Requests}")
        self.edit(f"{DESK}/indicators.yaml", "formula: requests", "formula: requests + reqests")
        self.edit(f"{DESK}/panels.yaml", "all_requests", "al_requests")
        found = self.problems("check")
        said = {"center.yaml": "Asia/Ho_Chi_Min", "territory/units.csv": "twon",
                f"{DESK}/sources.yaml": "titel",
                f"{DESK}/datasets.yaml": "nubmer", f"{DESK}/indicators.yaml": "reqests",
                f"{DESK}/panels.yaml": "al_requests"}
        for file, word in said.items():
            messages = " ".join(message for _, message in found.get(file, []))
            self.assertIn(word, messages, file)
        self.assertGreaterEqual(len(found[f"{DESK}/datasets.yaml"]), 2, found)
        self.assertGreaterEqual(len(found[f"{DESK}/sources.yaml"]), 2, found)
        self.assertIn(4, [line for line, _ in found["territory/units.csv"]])
        self.assert_unchanged()

    def test_codes_of_places_that_do_not_exist(self):
        self.edit("territory/codes.csv", "ward,S,south", "ward,S,suoth")
        (line, message), = self.problems("check")["territory/codes.csv"]
        self.assertEqual(line, 3)
        self.assertIn("suoth", message)

    def test_mappings_that_are_no_select(self):
        name = f"{DESK}/mappings/request.sql"
        for statement, line in ((b"SELECT number,\n  ward\nFRM raw\n", 3), (b"SELEC 1\n", 1),
                                (b"COPY raw TO '/tmp/stolen.csv'\n", 1),
                                (b"SELECT 1;\nSELECT 2\n", 1)):
            with self.subTest(statement):
                self.write(name, statement)
                found = self.problems("check").get(name, [])
                self.assertEqual([at for at, _ in found], [line], found)
        self.assert_unchanged()

    def test_files_that_cannot_be_read_as_what_they_are(self):
        for name, content in ((f"{DESK}/panels.yaml", b"panels: {a: &x [*x]}\n"),
                              (f"{DESK}/panels.yaml", b"panels:\n  a: \xff\n"),
                              (f"{DESK}/panels.yaml", b"a: {" * 5000),
                              (f"{DESK}/panels.yaml", b"panels:\n\ta: 1\n"),
                              (f"{DESK}/panels.yaml", b"# x\n" * 400_000),
                              ("territory/units.csv", b"code,level\na,b,c\n"),
                              ("territory/units.csv", b'code,level\n"a,b\n'),
                              ("stray.txt", b"hello\n")):
            with self.subTest(name=name, content=content[:30]):
                self.folder = harness.copied_center(self, harness.DESK)
                self.write(name, content)
                self.assertIn(name, self.problems("check"))
        self.assert_unchanged()

    def test_a_link_out_of_the_folder_is_not_followed(self):
        path = os.path.join(self.folder, DESK, "mappings", "stolen.sql")
        os.symlink("/etc/passwd", path)
        self.assertIn(f"{DESK}/mappings/stolen.sql", self.problems("check"))
        self.assert_unchanged()

    def test_no_folder_at_all(self):
        self.folder = os.path.join(self.folder, "nothing", "here")
        self.assertTrue(self.problems("check"))
        self.assert_unchanged()

    def tearDown(self):
        self.assertIsNone(self.server.process.poll())


if __name__ == "__main__":
    harness.main(HostileCenters)
