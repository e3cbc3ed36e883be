"""Reported values over HTTP and on the command line: their history, and what contradicts what."""

import unittest

import harness

HEAD = "chi_tieu,don_vi,ky,muc,gia_tri,gui_luc,nguoi_ky,ghi_chu,thu_hoi\n"


def row(statement, value, day, signer=""):
    """`statement`: series, unit, period and vintage, as in "grdp,T,2025,final"."""
    return f"{statement},{value},2026-01-{day:02}T08:00:00+07:00,{signer},,\n"


class Vintages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = harness.Server(harness.REPORTS).start().sign_in()
        cls.addClassCleanup(cls.server.remove)
        cls.token = cls.server.push_token("statistics_office")

    def push(self, *rows):
        answer = self.server.push("statistics_office", self.token, HEAD + "".join(rows))
        self.assertEqual(answer.status, 201, answer.body)
        sequence = answer.json()["sequence"]
        # An acknowledged delivery is recorded; a moment later it is shown.
        harness.wait_until(lambda: self.snapshot()["sequence"] > sequence, "the delivery is shown")

    def snapshot(self):
        return self.server.figure("grdp", period="2025")["passport"]["snapshot"]

    def test_a_figure_tells_all_its_vintages(self):
        self.push(row("grdp,T,2025,estimate", "980", 1, "A"))
        between = self.snapshot()["tick"]
        self.push(row("grdp,T,2025,final", "1000.5", 2, "B"))
        self.push(row("grdp,T,2025,estimate", "990", 3, "C"))
        figure = self.server.figure("grdp", period="2025")
        self.assertEqual(figure["value"], "1000.5")
        self.assertEqual(figure["passport"]["formula"], "")
        stated = figure["passport"]["reported"]
        self.assertEqual((stated["vintage"], stated["signer"], stated["statements"]), ("final", "B", 3))
        self.assertTrue(stated["last_vintage"])
        history = self.server.get("/figures/history", indicator="grdp", period="2025").json()
        told = [(item["vintage"], item["value"], item["difference"], item["state"])
                for item in history["statements"]]
        self.assertEqual(told, [("estimate", "980", None, "replaced"),
                                ("final", "1000.5", "20.5", "shown"),
                                ("estimate", "990", "-10.5", "hidden")])
        version = self.server.get(f"/versions/{history['statements'][1]['version']}")
        self.assertEqual(version.json()["version"]["values"]["value"], "1000.5000")
        past = self.server.figure("grdp", period="2025", as_of=between)
        self.assertEqual((past["value"], past["trust_marks"]), ("980", ["estimate"]))
        shown = self.server.run("figure", "grdp", "--period", "2025", "--history")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("1000.5", shown.stdout)
        self.assertIn("vintage           final", self.server.run("figure", "grdp", "--period", "2025").stdout)

    def test_a_contradiction_is_listed_and_goes_again(self):
        self.push(row("rice,T,2024,final", "100", 4),
                  *(row(f"rice,{unit},2024,final", "30", 4) for unit in ("01", "02", "03")))
        moment = self.snapshot()["tick"]
        listed = self.server.get("/contradictions", check="rice_of_communes").json()
        self.assertEqual(listed["counts"], {"agrees": 0, "contradicts": 1, "not_comparable": 0})
        item = listed["items"][0]
        self.assertEqual((item["value"], item["other"], item["difference"], item["allowed"],
                          item["parts"]), ("100", "90", "10", "2", 3))
        commune = self.server.figure("rice_output", unit="ha", period="2024")
        self.assertEqual(commune["trust_marks"], ["contradicted"])
        self.assertEqual(commune["passport"]["comparisons"][0]["unit"]["code"], "tinh")
        self.assertIn("1 contradict", self.server.run("contradictions").stdout)
        self.push(row("rice,03,2024,final", "40", 5))
        self.assertEqual(self.server.get("/contradictions").json()["items"], [])
        self.assertEqual(self.server.figure("rice_output", period="2024")["trust_marks"], [])
        past = self.server.get("/contradictions", as_of=moment).json()
        self.assertEqual(past["counts"]["contradicts"], 1)
        verified = self.server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_a_computed_indicator_has_no_history(self):
        answer = self.server.get("/figures/history", indicator="enterprises_registered", period="2025")
        self.assertEqual((answer.status, answer.code), (400, "not_reported"))


if __name__ == "__main__":
    harness.main(Vintages)
