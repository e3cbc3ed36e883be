#!/usr/bin/env python3
"""Refuses traces of one machine: absolute paths of a workplace and host names of registries."""

import re
import sys

import project

PLACES = re.compile(
    r"(?<![\w./-])/(?:work|home/\w+|root|Users/\w+)/"
    r"|\bregistry\." r"npmjs\.org|\bregistry\." r"yarnpkg\.com"
    r"|\bdeb\." r"debian\.org|\bsecurity\." r"debian\.org"
    r'|"resolved":\s*"https?:')


def check_text(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if match := PLACES.search(line):
            yield f"{path}:{number}: '{match.group()}' belongs to one machine or registry"


def main():
    problems = []
    for path in project.files():
        data = (project.ROOT / path).read_bytes()
        if path != "tools/check/test_places.py" and b"\0" not in data[:8000]:
            problems += check_text(path, data.decode("utf-8", errors="replace"))
    return project.report("places", problems)


if __name__ == "__main__":
    sys.exit(main())
