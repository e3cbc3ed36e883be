"""Published statistics tables that have regions and provinces, all through one mapping: rolled up to the
regions, they agree or differ exactly where the oracle beside them says."""

import collections
import csv
import io
import json
import os
import re
import unittest

import harness


def tables():
    """Source -> path of its table, as the center's own scenario delivers them."""
    scenario = os.path.join(harness.STATISTICS, "systems", "statistics", "tests", "all_tables.yaml")
    with open(scenario, encoding="utf-8") as lines:
        found = re.findall(r'deliver: \{source: (\w+), external: "([^"]+)"\}', lines.read())
    return dict(found)


def series():
    """Source -> the series that its table is declared to have."""
    path = os.path.join(harness.STATISTICS, "systems", "statistics", "sources.yaml")
    with open(path, encoding="utf-8") as lines:
        blocks = re.split(r"\n  (?=\w+:\n)", lines.read())[1:]
    return {block.split(":")[0]: re.findall(r'": (\w+)', block[block.index("measures:"):])
            for block in blocks}


def squeezed(name):
    return re.sub(r"[^a-z]", "", name.lower())


class Statistics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.oracle = json.load(open(harness.external_file("statistics/rollup_oracle.json"),
                                    encoding="utf-8"))
        cls.server = harness.Server(harness.STATISTICS).start().sign_in()
        cls.addClassCleanup(cls.server.remove)
        cls.reports = {}
        for source, path in tables().items():
            with open(harness.external_file(path), "rb") as table:
                answer = cls.server.push(source, cls.server.push_token(source), table.read())
            assert answer.status == 201, (source, answer.body)
            cls.reports[path.removeprefix("statistics/")] = answer.json()

    def test_every_table_comes_in(self):
        self.assertEqual(set(self.reports), set(self.oracle))
        for path, report in self.reports.items():
            with self.subTest(path):
                quarantined = report["counts"]["quarantined"] + report["counts"]["in_conflict"]
                self.assertEqual((report["outcome"], report["counts"]["refused"], quarantined),
                                 ("accepted", 0, 0))

    def test_regions_agree_with_their_provinces_but_for_the_known_exceptions(self):
        sources = {path.removeprefix("statistics/"): source for source, path in tables().items()}
        totals = collections.Counter()
        listed = self.server.get("/contradictions", agreement="all", limit=1000).json()
        for path, known in self.oracle.items():
            if known["kind"] == "not_additive":
                continue
            with self.subTest(path):
                agree = self.server_count(sources[path], "agrees")
                self.assertEqual(agree, known["cells_equal"])
                found = sorted(self.told(item) for item in self.differing(sources[path]))
                self.assertEqual(found, sorted(self.expected(path, known)))
            totals[known["kind"]] += agree
            totals["exceptions"] += len(found)
        print(f"{totals['additive']} cells of additive tables agree, "
              f"{totals['exceptions']} exceptions in the others")
        self.assertEqual((totals["additive"], totals["exceptions"]), (5208, 53))
        self.assertEqual(listed["counts"]["contradicts"], 53)

    def server_count(self, source, agreement):
        return sum(self.server.get("/contradictions", check=check).json()["counts"][agreement]
                   for check in self.additive(source))

    def differing(self, source):
        return [item for check in self.additive(source)
                for item in self.server.get("/contradictions", check=check, limit=1000).json()["items"]]

    def additive(self, source):
        """The table's series that are declared to add up; each has a check of its name."""
        return [name for name in series()[source]
                if self.server.get("/contradictions", check=name).status == 200]

    @staticmethod
    def told(item):
        return (squeezed(item["unit"]["name"]["en"]), item["period"]["text"], float(item["value"]),
                float(item["other"]))

    @staticmethod
    def expected(path, known):
        for region, head, value, total in known["exceptions"]:
            yield (squeezed(region), re.search(r"\d{4}", head).group(), value, total)

    def test_what_must_not_be_added_is_not(self):
        for path, known in self.oracle.items():
            if known["kind"] != "not_additive":
                continue
            source = next(name for name, table in tables().items() if table.endswith("/" + path))
            self.assertEqual(self.additive(source), [], path)

    def test_a_region_of_a_rate_is_the_offices_own_number(self):
        path = "Health, Culture and Living Standard/Poverty rate by province.csv"
        with open(harness.external_file("statistics/" + path), encoding="utf-8-sig") as table:
            rows = list(csv.reader(io.StringIO(table.read()), delimiter=";"))
        head = next(row for row in rows if len(row) > 1)
        region = next(row for row in rows if row and row[0].strip() == "Red River Delta")
        printed = dict(zip(head[1:], region[1:]))
        figure = self.server.figure("poverty_rate", unit="RRD", period="2014")
        self.assertEqual(float(figure["value"]), float(printed["2014"]))
        preliminary = self.server.figure("poverty_rate", unit="RRD", period="2016")
        self.assertEqual(float(preliminary["value"]), float(printed["Pre. 2016"]))
        self.assertIn("preliminary", preliminary["trust_marks"])

    def test_a_merged_province_ends_and_its_values_stay(self):
        merged = self.server.get("/units/territory/hatay/lineage", on="2008-12-31").json()
        self.assertIn("hanoi", json.dumps(merged))
        before = self.server.figure("average_population_total", unit="hatay", period="2007")
        after = self.server.figure("average_population_total", unit="hatay", period="2009")
        self.assertIsNotNone(before["value"])
        self.assertEqual(after["no_value_reason"], "not_reported")

    def test_verify_agrees(self):
        verified = self.server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout[-2000:])


if __name__ == "__main__":
    harness.main(Statistics)
