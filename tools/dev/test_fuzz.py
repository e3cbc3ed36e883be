import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import fuzz

STATS = "#512\tDONE cov: 9 ft: 12 corp: 3/6b\\nstat::number_of_executed_units: 512\\n"
CRASH = "==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\\n"


class Fuzz(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name, path in (("SEEDS", self.root / "seeds"), ("WORK", self.root / "work")):
            patch = mock.patch.object(fuzz, name, path)
            patch.start()
            self.addCleanup(patch.stop)

    def make(self, target, script, seeds=True):
        """A program that stands in for a target; its arguments are libFuzzer's."""
        program = self.root / target
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        (self.root / "seeds" / target).mkdir(parents=True)
        if seeds:
            (self.root / "seeds" / target / "one").write_bytes(b"1")

    def run_target(self, target):
        return fuzz.run_target(self.root, target, 1)

    def test_tells_what_a_target_did(self):
        self.make("reader", f"printf '{STATS}'; test -f \"$7/one\"\n")
        run = self.run_target("reader")
        self.assertEqual((run.executions, run.features, run.fault), (512, 12, ""))

    def test_seeds_stay_as_they_are(self):
        self.make("reader", f"printf '{STATS}'; echo grown > \"$6/new\"\n")
        self.run_target("reader")
        self.assertEqual(os.listdir(self.root / "seeds" / "reader"), ["one"])
        self.assertEqual(os.listdir(self.root / "work" / "reader" / "corpus"), ["new"])

    def test_a_crash_is_a_fault_whose_input_is_kept(self):
        self.make("reader", "prefix=${5#-artifact_prefix=}\n"
                            f"printf '{CRASH}'; echo x > \"${{prefix}}crash-1\"; exit 77\n")
        run = self.run_target("reader")
        self.assertIn("heap-buffer-overflow", run.fault)
        again = [line for line in fuzz.lines_of(run, self.root) if "again:" in line]
        self.assertEqual(len(again), 1)
        self.assertTrue(again[0].endswith("crash-1"), again)

    def test_an_older_finding_is_not_told_again(self):
        self.make("reader", "exit 1\n")
        old = self.root / "work" / "reader" / "findings" / "crash-0"
        old.parent.mkdir(parents=True)
        old.write_text("x")
        os.utime(old, (0, 0))
        run = self.run_target("reader")
        self.assertEqual((run.fault, run.findings), ("ended with status 1", []))

    def test_what_ran_nothing_has_not_passed(self):
        self.make("reader", "exit 0\n")
        self.assertEqual(self.run_target("reader").fault, "ran no input")
        self.make("seedless", f"printf '{STATS}'\n", seeds=False)
        self.assertIn("no seeds", self.run_target("seedless").fault)
        (self.root / "seeds" / "absent").mkdir()
        (self.root / "seeds" / "absent" / "one").write_bytes(b"1")
        self.assertIn("cannot be started", self.run_target("absent").fault)

    def test_what_does_not_end_is_ended(self):
        self.make("reader", "exec sleep 60\n")
        with mock.patch.object(fuzz, "GRACE_SECONDS", 0):
            self.assertIn("did not end", self.run_target("reader").fault)

    def test_one_fault_fails_all_and_the_result_names_it(self):
        self.make("good", f"printf '{STATS}'\n")
        self.make("bad", "exit 1\n")
        result = self.root / "fuzz.xml"
        with contextlib.redirect_stdout(io.StringIO()) as told:
            status = fuzz.run_all(self.root, 1, result, ["good", "bad"])
        self.assertEqual(status, 1)
        self.assertIn("1 targets without a finding, 1 with one, 512 executions", told.getvalue())
        cases = {case.get("name"): len(case) for case in ElementTree.parse(result).getroot()}
        self.assertEqual(cases, {"fuzz.good": 0, "fuzz.bad": 1})

    def test_an_unknown_target_is_refused(self):
        self.assertEqual(fuzz.choose([], ["a", "b"]), ["a", "b"])
        self.assertEqual(fuzz.choose(["b"], ["a", "b"]), ["b"])
        with self.assertRaises(SystemExit):
            fuzz.choose(["c"], ["a", "b"])


class Seeds(unittest.TestCase):
    def test_every_target_has_some_and_none_has_no_target(self):
        corpus = fuzz.ROOT / "tests" / "corpus"
        with_seeds = {path.name for path in corpus.iterdir() if path.is_dir() and any(path.iterdir())}
        self.assertEqual(with_seeds, set(fuzz.declared_targets()))


if __name__ == "__main__":
    unittest.main()
