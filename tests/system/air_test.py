"""Four years of hourly readings with gaps: the share of the hours that are there is a figure, and agrees with a count
of the file in every year and month."""

import collections
import csv
import unittest

import harness

AIR = "air/aotizhongxin_2013_2017.csv"


def counted(path):
    """Period → hours, hours with PM2.5, hours with CO."""
    found = collections.defaultdict(lambda: [0, 0, 0])
    with open(path, encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for period in (row["year"], f"{row['year']}-{int(row['month']):02}"):
                count = found[period]
                count[0] += 1
                count[1] += row["PM2.5"] != "NA"
                count[2] += row["CO"] != "NA"
    return found


class Completeness(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        path = harness.external_file(AIR)
        cls.counted = counted(path)
        cls.server = harness.Server(harness.AIR).start().sign_in()
        cls.addClassCleanup(cls.server.remove)
        with open(path, "rb") as file:
            answer = cls.server.push("station", cls.server.push_token("station"), file.read())
        assert answer.status == 201, answer.body
        cls.report = answer.json()
        # What is acknowledged is shown a moment later.
        harness.wait_until(lambda: float(cls.server.figure("measured_hours", period="2013")["value"]),
                           "the hours are shown")

    def value(self, indicator, period):
        return float(self.server.figure(indicator, period=period)["value"])

    def test_every_hour_comes_in(self):
        counts = self.report["counts"]
        self.assertEqual((counts["raw_rows"], counts["accepted"], counts["quarantined"]), (35_064, 35_064, 0))

    def test_completeness_agrees_with_the_file(self):
        self.assertEqual(len(self.counted), 5 + 48)
        gaps = 0
        for period, (hours, with_pm25, with_co) in self.counted.items():
            with self.subTest(period):
                self.assertEqual(self.value("measured_hours", period), with_pm25)
                self.assertAlmostEqual(self.value("pm25_completeness", period), 100 * with_pm25 / hours, places=1)
                self.assertAlmostEqual(self.value("co_completeness", period), 100 * with_co / hours, places=1)
                gaps += with_pm25 < hours
        self.assertGreater(gaps, 20, "the file has gaps, and they are seen")


if __name__ == "__main__":
    harness.main(Completeness)
