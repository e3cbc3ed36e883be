"""Runs the unit tests of the Python tools; usage: python_tests.py folder result.xml"""

import sys
import unittest
from pathlib import Path
from xml.etree import ElementTree


class CaseList(unittest.TextTestResult):
    """Remembers every case with its outcome."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.cases = {}

    def startTest(self, test):
        super().startTest(test)
        self.cases[test.id()] = None

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.cases[test.id()] = ("failure", str(err[1]))

    def addError(self, test, err):
        super().addError(test, err)
        self.cases[test.id()] = ("failure", str(err[1]))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.cases[test.id()] = ("failure", f"{subtest}: {err[1]}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.cases[test.id()] = ("skipped", reason)


def main():
    folder, output = sys.argv[1:]
    suites = unittest.TestSuite()
    for place in sorted({path.parent for path in Path(folder).rglob("test_*.py")}):
        suites.addTests(unittest.TestLoader().discover(str(place), top_level_dir=str(place)))
    result = unittest.TextTestRunner(resultclass=CaseList).run(suites)
    root = ElementTree.Element("testsuite", name="python")
    for name, outcome in result.cases.items():
        case = ElementTree.SubElement(root, "testcase", name=name)
        if outcome:
            ElementTree.SubElement(case, outcome[0], message=outcome[1])
    ElementTree.ElementTree(root).write(output, encoding="unicode")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
