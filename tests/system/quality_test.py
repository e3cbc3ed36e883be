"""Each planted defect moves its own score of the four, and lists its row; a pause is one event."""

import os
import unittest

import harness

CENTER = os.path.join(harness.ROOT, "tests", "centers", "quality")
COLUMNS = "number,changed_at,ward,received_at,ended_at,applicant,fee,pages"
SCORES = ("correct", "complete", "clean", "live")


def request(number, **other):
    good = {"number": number, "changed_at": "2026-03-02T08:00:00", "ward": "N",
            "received_at": f"2026-03-02T07:00:{int(number):02}", "ended_at": "2026-03-03T09:00:00",
            "applicant": f"C{number}", "fee": "10.00", "pages": "1"}
    return {**good, **other}


def to_csv(rows):
    lines = [",".join(row[column] for column in COLUMNS.split(",")) for row in rows]
    return ("\n".join([COLUMNS, *lines]) + "\n").encode()


class Quality(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server(CENTER)
        self.addCleanup(self.server.remove)
        self.server.start().sign_in()
        self.tokens = {name: self.server.push_token(name)
                       for name in ("registry", "office", "station")}
        citizens = "".join(f"C{number},2026-03-01T08:00:00\n" for number in range(1, 11))
        self.push("registry", ("id,changed_at\n" + citizens).encode())

    def push(self, source, body):
        answer = self.server.push(source, self.tokens[source], body)
        self.assertEqual(answer.status, 201, answer.body)
        self.server.wait_published(answer)

    def quality(self, dataset, **query):
        answer = self.server.get("/quality/" + dataset, **query)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def scores(self, dataset="request"):
        return {score["name"]: score for score in self.quality(dataset)["scores"]}

    def assert_moved(self, only, rows):
        """Of ten good requests one is replaced by what has the defect."""
        self.push("office", to_csv([request(str(number)) for number in range(1, 11)]))
        before = harness.wait_until(
            lambda: (scores := self.scores())["live"]["percent"] and scores, "a moment to measure")
        for name in SCORES:
            self.assertEqual(before[name]["percent"], "100.00", (name, before[name]))
            self.assertEqual(before[name]["losses"], [])
        self.push("office", to_csv(rows))
        after = self.scores()
        for name in SCORES:
            if name != only:
                self.assertEqual(after[name]["percent"], "100.00", (name, after[name]))
        self.assertLess(float(after[only]["percent"]), 100.0)
        self.assertEqual(len(after[only]["losses"]), 1, after[only])
        return after[only], after[only]["losses"][0]

    def test_a_broken_check_is_not_correct(self):
        score, loss = self.assert_moved("correct", [request(
            "3", changed_at="2026-03-04T08:00:00", fee="-1.00")])
        self.assertEqual((score["percent"], score["good"], score["whole"]), ("90.00", 9, 10))
        self.assertEqual((loss["kind"], loss["name"]), ("check", "fee_not_negative"))
        self.assertEqual(loss["key"], {"number": "3"})
        version = self.server.get(f"/versions/{loss['version']}")
        self.assertEqual(version.status, 200)

    def test_a_record_that_the_registry_does_not_have_is_not_correct(self):
        _, loss = self.assert_moved("correct", [request(
            "3", changed_at="2026-03-04T08:00:00", applicant="C999")])
        self.assertEqual((loss["kind"], loss["key"]), ("unmatched", {"number": "3"}))
        matched = self.quality("request")["matched"]
        self.assertEqual((matched["good"], matched["whole"], matched["percent"]), (9, 10, "90.00"))

    def test_a_missing_value_is_not_complete(self):
        score, loss = self.assert_moved("complete", [request(
            "3", changed_at="2026-03-04T08:00:00", applicant="")])
        self.assertEqual((score["good"], score["whole"]), (19, 20))
        self.assertEqual((loss["kind"], loss["name"]), ("missing", "applicant"))

    def test_a_row_that_is_set_aside_is_not_clean(self):
        score, loss = self.assert_moved("clean", [request("4", changed_at="yesterday")])
        self.assertEqual((score["good"], score["whole"]), (10, 11))
        self.assertEqual((loss["kind"], loss["raw_row"]), ("quarantined", 1))
        kept = self.server.get("/quarantine", delivery=loss["delivery"]).json()["items"]
        self.assertEqual(kept[0]["reason"], loss["name"])

    def test_a_duplicate_is_not_clean(self):
        _, loss = self.assert_moved("clean", [request(
            "11", applicant="C4", received_at="2026-03-02T07:00:04")])
        self.assertEqual(loss["kind"], "duplicate")

    def test_a_source_that_stands_still_is_not_live(self):
        self.push("office", to_csv([request(str(number)) for number in range(1, 11)]))
        moment = self.quality("request")["snapshot"]["tick"]
        paused = self.server.run("source", "pause", "office", "--reason", "the server is moved")
        self.assertEqual(paused.returncode, 0, paused.stderr)
        refused = self.server.push("office", self.tokens["office"], to_csv([request("1")]))
        self.assertEqual((refused.status, refused.code), (503, "source_paused"))
        self.assertGreater(int(refused.headers["retry-after"]), 0)
        live = harness.wait_until(
            lambda: (score := self.scores()["live"])["percent"] != "100.00" and score,
            "the pause to last a second")
        self.assertEqual((live["losses"][0]["name"], live["losses"][0]["state"]),
                         ("office", "paused"))
        for name in ("correct", "complete", "clean"):
            self.assertEqual(self.scores()[name]["percent"], "100.00")
        past = {score["name"]: score for score in
                self.quality("request", as_of=moment)["scores"]}
        self.assertEqual(past["live"]["losses"], [], "as it was before the pause")
        self.assert_one_event()

    def assert_one_event(self):
        events = self.server.get("/source-events").json()["items"]
        self.assertEqual([(event["source"], event["state"], event["closed_at"], event["feeds"])
                          for event in events], [("office", "paused", None, 1)])
        figure = self.server.figure("all_requests", period="2026-03")
        self.assertIn("paused", figure["trust_marks"])
        shown = figure["passport"]["sources"][0]
        self.assertEqual(shown["paused"]["reason"], "the server is moved")
        listed = self.server.run("source", "list")
        self.assertIn("the server is moved", listed.stdout)
        resumed = self.server.run("source", "resume", "office")
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.push("office", to_csv([request("1")]))
        event = self.server.get("/source-events").json()["items"][0]
        self.assertIsNotNone(event["closed_at"])
        self.server.stop()
        self.server.start().sign_in()
        again = self.server.get("/source-events").json()["items"][0]
        self.assertEqual(again["opened_at"], event["opened_at"])
        self.assertEqual(again["closed_at"], event["closed_at"])

    def test_an_hour_without_a_reading_is_a_gap(self):
        hours = [hour for hour in range(24) if hour not in (5, 6, 17)]
        rows = "".join(f"S1,2026-03-02T{hour:02}:10:00\n" for hour in hours)
        self.push("station", ("station,measured_at\n" + rows).encode())
        score = self.scores("reading")["complete"]
        self.assertEqual((score["good"], score["whole"]), (21, 24))
        self.assertEqual([(loss["kind"], loss["group"], loss["from"], loss["until"])
                          for loss in score["losses"]],
                         [("gap", ["S1"], "2026-03-01T22:00:00Z", "2026-03-02T00:00:00Z"),
                          ("gap", ["S1"], "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z")])
        self.assertIsNone(self.scores("reading")["correct"]["percent"])

    def test_a_reading_dated_far_ahead_makes_no_gap(self):
        rows = "".join(f"S1,2026-03-02T{hour:02}:10:00\n" for hour in range(24))
        self.push("station", ("station,measured_at\n" + rows + "S1,2062-03-02T00:10:00\n").encode())
        score = self.scores("reading")["complete"]
        self.assertEqual((score["good"], score["whole"], score["losses"]), (24, 24, []))

    def test_the_past_is_measured_when_columns_have_another_order(self):
        self.push("office", to_csv([request(str(number)) for number in range(1, 11)]))
        self.push("office", to_csv([request("3", changed_at="2026-03-04T08:00:00", fee="-1.00")]))
        moment = self.quality("request")["snapshot"]["tick"]
        center = harness.copied_center(self, CENTER)
        path = os.path.join(center, "systems", "office", "datasets.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        number = "      number: {type: text, title: {en: Number}}\n"
        pages = "      pages: {type: integer, optional: true, title: {en: Pages}}\n"
        text = text.replace(pages, "").replace(number, pages + number)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        applied = self.server.run("apply", center)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        for query in ({"as_of": moment}, {}):
            scores = {score["name"]: score for score in self.quality("request", **query)["scores"]}
            loss = scores["correct"]["losses"][0]
            self.assertEqual((loss["name"], loss["key"]), ("fee_not_negative", {"number": "3"}))
            self.assertEqual(scores["complete"]["percent"], "100.00")

    def test_the_reason_of_a_pause_is_counted_in_characters(self):
        failed = self.server.run("source", "pause", "office", "--reason", "ế" * 501)
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("500 characters", failed.stderr)
        paused = self.server.run("source", "pause", "office", "--reason", "ế" * 500)
        self.assertEqual(paused.returncode, 0, paused.stderr)


if __name__ == "__main__":
    harness.main(Quality)
