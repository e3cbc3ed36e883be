"""Files in a drop folder that cannot be taken: each set aside with a report, nothing stored."""

import json
import os

import desk
import harness

MB = 1 << 20


class HostileFiles(desk.DeskTest):
    def folder(self, source, *below):
        return os.path.join(self.server.data, "drop", source, *below)

    def drop(self, source, name, body):
        """As a careful writer does: written elsewhere, then moved in."""
        hidden = self.folder(source, "." + name)
        with open(hidden, "wb") as file:
            file.write(body)
        os.rename(hidden, self.folder(source, name))

    def report(self, source, name, outcome):
        path = self.folder(source, outcome, name + ".report.json")
        harness.wait_until(lambda: os.path.exists(self.folder(source, outcome, name)),
                           f"{name} comes to {outcome}/", 60)
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    def test_each_bad_file_is_set_aside_with_a_code_and_good_ones_go_on(self):
        row = desk.row(1)
        bad = [("csv_desk", "large.csv", b"x" * (8 * MB + 1), "payload_too_large"),
               ("csv_desk", "json.csv", desk.to_json([row]), "wrong_columns"),
               ("csv_desk", "utf16.csv", desk.to_csv([row]).decode().encode("utf-16"), "byte_order_mark"),
               ("csv_desk", "cut.csv", desk.to_csv([row]) + b'"2,N', "cut_off"),
               ("csv_desk", "empty.csv", b"", "wrong_columns"),
               ("json_desk", "deep.json", b"[" * 1_000_000, "too_deep"),
               ("json_desk", "half.json", desk.to_json([row])[:-9], "cut_off"),
               ("json_desk", "latin.json", b'{"requests":["\xe9"]}', "not_utf8"),
               ("json_desk", "csv.json", desk.to_csv([row]), "wrong_shape")]
        with self.nothing_stored():
            for source, name, body, _ in bad:
                self.drop(source, name, body)
            found = {name: self.report(source, name, "refused") for source, name, *_ in bad}
        codes = {name: report.get("code") for name, report in found.items()}
        self.assertEqual(codes, {name: code for _, name, _, code in bad})
        self.assertTrue(all(report["detail"] for report in found.values()))
        before = self.requests()
        self.drop("csv_desk", "good.csv", desk.to_csv([desk.row("good")]))
        self.assertEqual(self.report("csv_desk", "good.csv", "done")["counts"]["accepted"], 1)
        harness.wait_until(lambda: self.requests() == before + 1, "the good file's request")

    def test_what_is_no_plain_file_is_never_read(self):
        outside = os.path.join(self.server.data, "outside.csv")
        with open(outside, "wb") as file:
            file.write(desk.to_csv([desk.row("secret")]))
        with self.nothing_stored():
            os.symlink(outside, self.folder("csv_desk", "link.csv"))
            os.mkfifo(self.folder("csv_desk", "pipe.csv"))
            os.mkdir(self.folder("csv_desk", "folder.csv"))
            # A file behind them in the order of time is reached: nothing holds the folder up.
            self.drop("csv_desk", "after.csv", b"\xff")
            self.report("csv_desk", "after.csv", "refused")
        for name in ("link.csv", "pipe.csv", "folder.csv"):
            self.assertTrue(os.path.lexists(self.folder("csv_desk", name)), name)

    def test_a_name_with_control_characters_is_text_in_report_and_log(self):
        name = "a\nb\x1b[31m.csv"
        self.drop("csv_desk", name, b"\xff")
        self.assertEqual(self.report("csv_desk", name, "refused")["code"], "not_utf8")
        self.assertNotIn("\x1b", self.server.log_text())

    def tearDown(self):
        self.assertIsNone(self.server.process.poll())
        self.push_good()


if __name__ == "__main__":
    harness.main(HostileFiles)
