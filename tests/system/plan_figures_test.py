"""Which figures a planned center would change: told before, and the same afterwards."""

import datetime
import json
import os
import unittest
from decimal import Decimal

import harness
import permit_rows

SOUND = 3
MISSPELT = 3


def replaced(path, old, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if old not in text:
        raise AssertionError(f"{path} does not have {old!r}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


def recent(number, **options):
    """A case received five days ago."""
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=5)
    row = permit_rows.row(number, deadline="2099-12-31T00:00:00Z",
                          happened=moment.strftime("%Y-%m-%dT09:00:00Z"), **options)
    row["case:startdate"] = moment.strftime("%Y-%m-%dT08:00:00Z")
    return row


def number(value):
    return None if value is None else Decimal(value)


class PlanFigures(unittest.TestCase):
    def setUp(self):
        self.center = harness.copied_center(self, harness.PERMITS)
        self.system = os.path.join(self.center, "systems", "permits")
        self.server = harness.Server(self.center).start().sign_in()
        token = self.server.push_token("permit_log")
        rows = [recent(number) for number in range(SOUND)]
        rows += [recent(SOUND + number, department="Genral") for number in range(MISSPELT)]
        report = self.server.push("permit_log", token, permit_rows.to_csv(rows)).json()
        self.assertEqual(report["counts"]["quarantined"], 2 * MISSPELT)
        self.recorded = self.server.deliveries().keys()

    def tearDown(self):
        self.server.remove()

    def done(self, *arguments):
        """What a command that succeeds prints as JSON."""
        result = self.server.run("--json", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def planned(self):
        """The figures of a plan, which has recorded nothing and lists all that change."""
        figures = self.done("plan", self.center, "--limit", "10000")["figures"]
        self.assertEqual(len(figures["largest"]), figures["changed"])
        self.assertEqual(self.server.deliveries().keys(), self.recorded)
        return figures

    def apply(self):
        self.assertEqual(self.server.run("apply", self.center).returncode, 0)

    def shown(self, found):
        figure = self.server.figure(found["indicator"], tree=found["tree"], unit=found["unit"],
                                    period=found["period"])
        return number(figure["value"]), figure["judgement"]

    def check_side(self, figures, side):
        """Every listed figure is what the server tells now."""
        for found in figures["largest"]:
            state = found[side]
            self.assertEqual((number(state["value"]), state["judgement"]), self.shown(found), found)

    def mend(self):
        for name in ("permit.sql", "permit_event.sql"):
            replaced(os.path.join(self.system, "mappings", name), "' ', '-')",
                     "'Genral', 'General')")

    def test_a_mended_mapping(self):
        self.mend()
        figures = self.planned()
        self.assertEqual((figures["concerned"], figures["read_again"], figures["failed"]),
                         (True, 1, 0))
        rows = {item["dataset"]: item for item in figures["rows"]}
        self.assertEqual(rows["permit"]["changes"], {"mended": MISSPELT})
        self.assertEqual(rows["permit"]["unchanged"], SOUND)
        self.assertEqual(rows["permit"]["refusals_mended"], {"unknown_place": MISSPELT})
        self.check_side(figures, "before")
        cases = [found for found in figures["largest"] if found["indicator"] == "all_cases"
                 and found["unit"] == "general"]
        self.assertEqual({number(found["difference"]) for found in cases}, {Decimal(MISSPELT)})
        said = self.server.run("plan", self.center).stdout
        self.assertIn(f"newly taken: {MISSPELT} that were unknown_place", said)

        self.apply()
        self.assertEqual(self.done("replay", "--source", "permit_log")["state"], "done")
        self.check_side(figures, "after")
        self.recorded = self.server.deliveries().keys()
        self.assertFalse(self.planned()["concerned"])

    def test_a_measure(self):
        replaced(os.path.join(self.system, "indicators.yaml"),
                 "title: {en: Cases}, dataset: permit,",
                 "title: {en: Cases}, dataset: permit, count: channel = 'Post',")
        figures = self.planned()
        self.assertEqual(figures["read_again"], 0)
        self.assertEqual({found["indicator"] for found in figures["largest"]}, {"all_cases"})
        self.check_side(figures, "before")
        self.apply()
        self.check_side(figures, "after")

    def test_a_threshold_changes_judgements_alone(self):
        replaced(os.path.join(self.system, "indicators.yaml"),
                 "formula: cases, unit_of_measure: case",
                 "formula: cases, unit_of_measure: case, better: higher, "
                 "thresholds: {good: 4, watch: 2, basis: {en: A plan}}")
        figures = self.planned()
        self.assertGreater(figures["changed"], 0)
        self.assertEqual({number(found["difference"]) for found in figures["largest"]},
                         {Decimal(0)})
        self.assertEqual({pair["before"] for pair in figures["judgements"]}, {"not_judged"})
        self.assertEqual(sum(pair["figures"] for pair in figures["judgements"]), figures["changed"])
        self.apply()
        self.check_side(figures, "after")

    def test_a_mapping_that_fails_and_what_concerns_no_figure(self):
        replaced(os.path.join(self.system, "panels.yaml"),
                 "title: {en: Permits}", "title: {en: All}")
        self.assertFalse(self.planned()["concerned"])
        self.assertIn("no figure is concerned", self.server.run("plan", self.center).stdout)
        self.assertNotIn("figures", self.done("plan", self.center, "--no-figures"))
        replaced(os.path.join(self.system, "mappings", "permit.sql"),
                 "' ', '-')", "' ', 1/0 || nothing)")
        figures = self.planned()
        self.assertEqual((figures["failed"], figures["changed"]), (1, 0))
        self.assertEqual(figures["failures"][0]["reason"], "mapping_failed")
        self.assertIn("permit.sql", figures["failures"][0]["message"])


if __name__ == "__main__":
    harness.main(PlanFigures)
