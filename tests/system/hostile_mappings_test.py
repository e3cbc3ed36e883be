"""Mappings that run away, ask for memory, or reach for what is not theirs.

The worker dies at its limit, the delivery is refused with the reason, the server does not notice.
"""

import os
import threading

import desk
import harness

MB = 1 << 20
SECONDS = {"one_value": 3, "recursion": 3, "slow": 6}  # a worker may take; others a minute

SOURCE = """  {name}:
    title: {{en: {name}}}
    connector: push
    format: csv
    csv: {{columns: [number, ward, handed_in, due, pages, fee, urgent, channel]}}
    mappings: {{request: mappings/{name}.sql}}
    limits: {{payload: 8MB, rows: 20000, worker_memory: 256MB, worker_time: {seconds}s}}
"""
PLAIN = "SELECT number, ward, handed_in, due, pages, fee, urgent, channel, _row FROM raw"
COUNTED = "SELECT n::TEXT AS number, ward, handed_in, due, pages, fee, urgent, channel, _row FROM "

MAPPINGS = {
    "one_value": PLAIN.replace("number,", "repeat('x', 4000000000) AS number,"),
    "long_value": PLAIN.replace("number,", "repeat(repeat('x', 1000000), 4000) AS number,"),
    "many_rows": PLAIN.replace("number,", "n::TEXT AS number,") + ", range(1000000000) AS s(n)",
    "one_list": PLAIN.replace("pages,", "len(list_sort(range(1000000000)))::TEXT AS pages,"),
    "recursion": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) "
                 + COUNTED + "raw, t WHERE n < 0",
    "slow": PLAIN.replace("pages,", "(SELECT sum(a.n * b.n) FROM range(10000000) AS a(n), "
                                    "range(10000000) AS b(n))::TEXT AS pages,"),
    "reads_files": PLAIN.replace("pages,", "(SELECT content FROM read_text('/etc/hostname')) "
                                           "AS pages,"),
    "other_table": PLAIN.replace("FROM raw", "FROM duckdb_secrets()"),
    "fails_at_a_row": PLAIN.replace("pages,", "CAST(pages AS INTEGER)::TEXT AS pages,"),
    "other_columns": "SELECT 1 AS something",
    "invents_rows": PLAIN.replace("_row FROM", "_row + 1000 AS _row FROM"),
    "every_row_alike": PLAIN.replace("_row FROM", "1 AS _row FROM"),
}


class HostileMappings(desk.DeskTest):
    @classmethod
    def make_center(cls):
        center = harness.copied_center(cls, harness.DESK)
        folder = os.path.join(center, "systems", "desk")
        with open(os.path.join(folder, "sources.yaml"), "a", encoding="utf-8") as sources:
            for name, statement in MAPPINGS.items():
                sources.write(SOURCE.format(name=name, seconds=SECONDS.get(name, 60)))
                path = os.path.join(folder, "mappings", name + ".sql")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(statement + "\n")
        return center

    def push_one(self, source, **values):
        return self.push(source, desk.to_csv([desk.row(f"{source}-1", **values)]))

    def assert_refused(self, source, *codes, **values):
        """Refused with one of the codes; kept as refused, to be replayed once it is mended."""
        before = self.requests()
        answer = self.push_one(source, **values)
        self.assertEqual(answer.status, 422, answer.body[:300])
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertIn(answer.code, codes, answer.body[:300])
        newest = harness.wait_until(
            lambda: self.server.get("/deliveries", source=source, limit=1).json()["items"],
            "the refusal is listed")[0]
        self.assertEqual((newest["outcome"], newest["refusal"]["reason"]),
                         ("refused", answer.code))
        self.assertEqual(newest["counts"]["accepted"], 0)
        self.assertEqual(self.requests(), before)
        return answer

    def test_asking_for_memory(self):
        self.server.forget_peak()
        before = self.server.memory()
        for source in ("long_value", "one_list"):
            with self.subTest(source):
                self.assert_refused(source, "worker_out_of_memory")
        answer = self.push_one("many_rows")
        self.assertEqual((answer.status, answer.code), (413, "too_many_rows"), answer.body[:300])
        self.assertLess(self.server.memory("VmHWM") - before, 100 * MB)
        self.push_good()

    def test_running_away(self):
        for source in ("one_value", "recursion"):
            with self.subTest(source):
                self.assert_refused(source, "worker_deadline", "worker_out_of_memory")
        self.push_good()

    def test_reaching_for_what_is_not_there(self):
        for source in ("reads_files", "other_table", "fails_at_a_row", "other_columns",
                       "invents_rows"):
            with self.subTest(source):
                self.assert_refused(source, "mapping_failed", pages="x")
        self.push_good()

    def test_rows_that_no_candidate_comes_from_are_in_the_balance(self):
        rows = [desk.row("l-1"), desk.row("l-2")]
        before = self.requests()
        counts = self.push("every_row_alike", desk.to_csv(rows)).json()["counts"]
        harness.wait_until(lambda: self.requests() == before + 2, "both show in the figure")
        self.assertEqual((counts["raw_rows"], counts["mapped"], counts["skipped"]), (2, 1, 1))
        self.assertEqual((counts["candidates"], counts["accepted"]), (2, 2))

    def while_running(self, pushes, work):
        """Does the work while deliveries of a mapping that runs away are being read."""
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.push_one("slow")))
                   for _ in range(pushes)]
        self.token("slow")
        for thread in threads:
            thread.start()
        try:
            harness.wait_until(self.workers, "a worker runs")
            work()
            return answers, [thread.is_alive() for thread in threads]
        finally:
            for thread in threads:
                thread.join()

    def workers(self):
        """True while a worker has a job."""
        metrics = self.server.get("/metrics").body.decode()
        return 'fansipan_queue_items{queue="workers"} 0' not in metrics

    def test_another_source_is_served_while_one_runs_away(self):
        def work():
            for source in ("csv_desk", "json_desk", "ndjson_desk"):
                self.push_good(source)
        answers, alive = self.while_running(1, work)
        self.assertEqual(alive, [True])
        self.assertEqual([answer.code for answer in answers], ["worker_deadline"])

    def test_other_sources_are_served_while_one_sends_many_that_run_away(self):
        _, alive = self.while_running(3, self.push_good)
        self.assertEqual(alive, [True] * 3)

    def tearDown(self):
        self.assertIsNone(self.server.process.poll())


if __name__ == "__main__":
    harness.main(HostileMappings)
