"""What the checks share: the project's files, its declared parts, and C++ text without comments."""

import fnmatch
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def files(root=ROOT):
    """Relative paths (posix strings, sorted) of all files that are tracked or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted(p for p in set(listed.split("\0")) if p and (root / p).is_file())


def read(path, root=ROOT):
    return (root / path).read_text(encoding="utf-8", errors="replace")


def matches(path, pattern):
    """Glob match where ** crosses folders and * does not."""
    regex = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*")
    return re.fullmatch(regex.replace(r"\*", "[^/]*"), path) is not None


def is_test_source(path):
    """Files that may use test libraries and other parts' testing/ folders."""
    return "/testing/" in path or fnmatch.fnmatch(path, "*_test.cpp") or path.startswith("tests/")


@dataclass
class Part:
    name: str
    level: int
    uses: list = field(default_factory=list)
    test_uses: list = field(default_factory=list)


_KEYWORDS = {"LEVEL", "USES", "SOURCES", "TESTS", "TEST_USES", "TESTING_SOURCES", "LINKS",
             "PRIVATE_LINKS"}


def parse_parts(cmake_text):
    """The fansipan_part(...) declarations of one CMakeLists.txt."""
    text = re.sub(r"#[^\n]*", "", cmake_text)
    found = []
    for call in re.finditer(r"\bfansipan_part\s*\(([^)]*)\)", text):
        words = call.group(1).split()
        values, key = {}, None
        for word in words[1:]:
            if word in _KEYWORDS:
                key = word
                values.setdefault(key, [])
            elif key:
                values[key].append(word)
        found.append(Part(words[0], int(values.get("LEVEL", ["-1"])[0]),
                          values.get("USES", []), values.get("TEST_USES", [])))
    return found


def parts(root=ROOT):
    """All declared parts by name."""
    found = {}
    for cmake in sorted((root / "src").glob("*/CMakeLists.txt")):
        for part in parse_parts(cmake.read_text(encoding="utf-8")):
            found[part.name] = part
    return found


_LITERALS = re.compile(
    r'//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/'
    r'|(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"'
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)+'",
    re.DOTALL)


def plain_code(text):
    """C++ text with comments, literals and preprocessor lines blanked; lines keep their numbers."""
    def blank(match):
        return ("" if match.group().startswith("/") else '""') + "\n" * match.group().count("\n")

    text = _LITERALS.sub(blank, text)
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: "\n" * m.group().count("\n"), text,
                  flags=re.MULTILINE)


def report(check, problems):
    """Prints the problems and returns the exit status."""
    for problem in problems:
        print(problem)
    if problems:
        print(f"{check}: {len(problems)} problem(s)", file=sys.stderr)
    return 1 if problems else 0
