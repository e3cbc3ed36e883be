"""Workbooks of provincial budgets, plans and final accounts of twelve layouts, all through one mapping; and what a
table that was cleaned by hand has of them."""

import collections
import csv
import os
import re
import unicodedata
import unittest

import harness

# Column of the cleaned table → series; where it says something else in one year, that.
SERIES = {"total.rev": "revenue", "ratio": "share", "total.exp": "expenditure", "balance.trans": "transfers",
          "target.trans": "target_transfer", "project.trans": "project_transfer"}
# In 2013 the table has the balance transfer where it has all transfers in other years.
SERIES_2013 = SERIES | {"balance.trans": "balance_transfer"}


def workbooks():
    """Source -> path of its workbook, as the center's own scenario delivers them."""
    scenario = os.path.join(harness.BUDGET, "systems", "finance", "tests", "all_workbooks.yaml")
    with open(scenario, encoding="utf-8") as lines:
        found = re.findall(r'deliver: \{source: (\w+), external: "([^"]+)"\}', lines.read())
    return dict(found)


def squeezed(name):
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in plain if not unicodedata.combining(c)).lower())


def units():
    path = os.path.join(harness.BUDGET, "territory", "codes.csv")
    with open(path, encoding="utf-8") as lines:
        return {row["code"]: row["unit"] for row in csv.DictReader(lines)}


def close(left, right):
    """Equal to the seven digits or so that the cleaned table was written with."""
    return abs(left - right) <= max(0.6, 1e-6 * abs(right))


class Budget(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        path = harness.external_file("budget/provincial_budget_clean.csv")
        with open(path, encoding="utf-8") as lines:
            cls.cleaned = list(csv.DictReader(lines))
        cls.units = units()
        cls.server = harness.Server(harness.BUDGET).start().sign_in()
        cls.addClassCleanup(cls.server.remove)
        cls.reports = {}
        for source, path in workbooks().items():
            with open(harness.external_file(path), "rb") as book:
                answer = cls.server.push(source, cls.server.push_token(source), book.read(),
                                         content_type="application/octet-stream")
            assert answer.status == 201, (source, answer.body)
            cls.reports[source] = answer.json()
        last = max(report["sequence"] for report in cls.reports.values())
        harness.wait_until(lambda: cls.server.figure("revenue", unit="laocai", period="2013")["passport"]
                           ["snapshot"]["sequence"] > last, "the deliveries are shown")

    def stated(self, series, unit, period):
        """Vintage -> value."""
        history = self.server.get("/figures/history", indicator=series, unit=unit, period=period).json()
        return {item["vintage"]: float(item["value"]) for item in history["statements"]}

    def test_every_workbook_comes_in(self):
        provinces = {"plan_2004": 61, "final_2006": 64, "final_2007": 64, "plan_2007": 64}
        for source, report in self.reports.items():
            with self.subTest(source):
                counts = report["counts"]
                self.assertEqual(report["outcome"], "accepted")
                self.assertEqual((counts["refused"], counts["quarantined"], counts["in_conflict"]), (0, 0, 0))
                self.assertEqual(counts["mapped"], provinces.get(source, 63))

    def test_final_accounts_have_each_row_of_the_cleaned_table(self):
        """All 317, with the province's share, which a plan fixes for the year and an account keeps."""
        shares = collections.Counter()
        for row in self.cleaned:
            unit = self.units[squeezed(row["province"])]
            final = self.stated("share", unit, row["year"]).get("final")
            self.assertIsNotNone(final, row)
            shares[row["year"], abs(final - float(row["ratio"])) <= 0.05] += 1
        print(dict(shares))
        self.assertEqual(sum(shares.values()), 317)
        self.assertEqual({year: n for (year, same), n in shares.items() if not same}, {})

    def test_amounts_of_the_cleaned_table_are_those_of_the_plans(self):
        """The cleaned table was made of the plans, not of the final accounts: every amount of 2007 to 2013 is that
        of the year's plan. The plan of 2006 is not among the workbooks, so its 64 rows have no amounts to equal."""
        same = collections.Counter()
        differing = []
        for row in self.cleaned:
            unit, year = self.units[squeezed(row["province"])], row["year"]
            for column, series in (SERIES_2013 if year == "2013" else SERIES).items():
                stated = self.stated(series, unit, year)
                if "plan" not in stated:
                    same[year, "no plan"] += 1
                elif close(stated["plan"], float(row[column])):
                    same[year, "same"] += 1
                else:
                    differing.append((row["province"], year, column, row[column], stated["plan"]))
        print(dict(same), differing)
        self.assertEqual(differing, [])
        self.assertEqual(same, {("2006", "no plan"): 384, ("2007", "same"): 384, ("2009", "same"): 378,
                                ("2011", "same"): 378, ("2013", "same"): 378})

    def test_a_figure_leads_back_to_sheet_and_row(self):
        history = self.server.get("/figures/history", indicator="revenue", unit="laocai", period="2013").json()
        version = next(item["version"] for item in history["statements"] if item["vintage"] == "final")
        raw = self.server.get(f"/versions/{version}/raw").json()
        self.assertEqual(raw["sheet"], "M09+")
        row = next(row for row in raw["rows"] if row["of_version"])
        self.assertEqual(row["line"], 19)
        self.assertIn("LÀO CAI", row["text"])
        explained = self.server.run("explain", "--version", str(version)).stdout
        self.assertIn("(sheet 'M09+', row 19)", explained)

    def test_verify_agrees(self):
        verified = self.server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout[-2000:])


if __name__ == "__main__":
    harness.main(Budget)
