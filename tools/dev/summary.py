"""Sums the test results into the last line of ./dev test.

usage: summary.py folder result.xml...   (JUnit files that must be there)

Lists what failed and what was skipped with the reason. With CI=true a skip that
tests/allowed_skips.txt does not name counts as failed. Exit status 1 when a test failed, a result
is missing, or no test ran.
"""

import fnmatch
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ALLOWED_SKIPS = Path(__file__).resolve().parents[2] / "tests" / "allowed_skips.txt"


@dataclass
class Case:
    name: str
    outcome: str  # passed, failed, skipped
    reason: str = ""


def read_case(element):
    name = element.get("name", "")
    if element.find("failure") is not None or element.find("error") is not None:
        return Case(name, "failed")
    skipped = element.find("skipped")
    if skipped is not None:
        message = skipped.get("message") or ""
        if element.get("status") == "notrun" and not message.startswith("SKIP_"):
            return Case(name, "failed", message or "not run")  # ctest could not start it
        return Case(name, "skipped", skip_reason(element, message))
    return Case(name, "failed" if element.get("status") in ("fail", "notrun") else "passed")


def skip_reason(element, message):
    """What GoogleTest printed after GTEST_SKIP, or a script's last line, or the message."""
    output = element.findtext("system-out") or ""
    googletest = re.search(r": Skipped\n(.*?)\n?\[", output, re.DOTALL)
    if googletest:
        return " ".join(googletest.group(1).split()) or "no reason given"
    lines = output.strip().splitlines()
    if message.startswith("SKIP_"):
        return lines[-1].strip() if lines else "no reason given"
    return message or "no reason given"


def read_results(folder, expected):
    cases = []
    for name in expected:
        try:
            found = list(ElementTree.parse(folder / name).getroot().iter("testcase"))
        except (OSError, ElementTree.ParseError):
            found = []
        cases += [read_case(element) for element in found]
        if not found:
            cases.append(Case(name, "failed", "the run left no result, or no test ran"))
    return cases


def load_allowed(text):
    """Lines of `name pattern # reason` -> patterns."""
    patterns = []
    for line in text.splitlines():
        pattern, _, reason = line.partition("#")
        if pattern.strip() and reason.strip():
            patterns.append(pattern.strip())
    return patterns


def refuse_unexpected_skips(cases, patterns):
    """In CI a skip must be on the list."""
    for case in cases:
        if case.outcome == "skipped" and not any(fnmatch.fnmatchcase(case.name, p)
                                                 for p in patterns):
            case.outcome = "failed"
            case.reason = f"skipped ({case.reason}), which tests/allowed_skips.txt does not allow"


def main():
    cases = read_results(Path(sys.argv[1]), sys.argv[2:])
    if os.environ.get("CI") == "true":
        refuse_unexpected_skips(cases, load_allowed(ALLOWED_SKIPS.read_text(encoding="utf-8")))
    for outcome in ("skipped", "failed"):
        for case in cases:
            if case.outcome == outcome:
                print(f"{outcome}: {case.name}" + (f": {case.reason}" if case.reason else ""))
    count = {o: sum(c.outcome == o for c in cases) for o in ("passed", "failed", "skipped")}
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
