import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import summary


def read(text):
    return summary.read_case(ElementTree.fromstring(text))


class Summary(unittest.TestCase):
    def test_tells_passed_failed_and_skipped_apart(self):
        self.assertEqual(read('<testcase name="a" status="run"/>').outcome, "passed")
        self.assertEqual(read('<testcase name="a" status="fail"><failure/></testcase>').outcome,
                         "failed")
        self.assertEqual(read('<testcase name="a"><skipped message="m"/></testcase>').outcome,
                         "skipped")

    def test_a_test_that_could_not_start_has_failed(self):
        case = read('<testcase name="a" status="notrun">'
                    '<skipped message="Unable to find executable"/></testcase>')
        self.assertEqual(case.outcome, "failed")

    def test_gives_the_reason_of_a_skip(self):
        case = read('<testcase name="a" status="notrun">'
                    '<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/><system-out>[ RUN ] a\n'
                    'a_test.cpp:6: Skipped\nno browser\n[  SKIPPED ] a</system-out></testcase>')
        self.assertEqual((case.outcome, case.reason), ("skipped", "no browser"))
        script = read('<testcase name="a" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>'
                      '<system-out>starting\nno strace\n</system-out></testcase>')
        self.assertEqual(script.reason, "no strace")

    def test_a_missing_or_empty_result_counts_as_failed(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "ctest.xml").write_text("<testsuite/>")
            found = summary.read_results(Path(folder), ["web.xml", "ctest.xml"])
            self.assertEqual([case.outcome for case in found], ["failed", "failed"])

    def test_an_unexpected_skip_fails_where_skips_are_refused(self):
        cases = [summary.Case("Net.Reads", "skipped", "no net"),
                 summary.Case("Disk.Reads", "skipped", "no disk")]
        summary.refuse_unexpected_skips(cases, summary.load_allowed("# x\nNet.* # offline\nDisk.*\n"))
        self.assertEqual([c.outcome for c in cases], ["skipped", "failed"])


if __name__ == "__main__":
    unittest.main()
