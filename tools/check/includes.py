#!/usr/bin/env python3
"""Compares every #include with what the parts declare.

All parts share one source root, so the compiler would accept any include. This check holds each
against USES and TEST_USES in src/*/CMakeLists.txt, against the levels, and third-party headers
against third_party_headers.txt.
"""

import re
import sys

import project

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def load_third_party(text):
    """Lines of `prefix glob...` -> [(prefix, [glob, ...])], longest prefix first; lines add up."""
    rules = {}
    for line in text.splitlines():
        words = line.split("#", 1)[0].split()
        if words:
            rules.setdefault(words[0], []).extend(words[1:])
    return sorted(rules.items(), key=lambda rule: -len(rule[0]))


def check_levels(parts):
    for part in parts.values():
        for used in part.uses + part.test_uses:
            if used not in parts:
                yield f"src/{part.name}/CMakeLists.txt: uses '{used}', which no part declares"
            elif parts[used].level >= part.level:
                yield (f"src/{part.name}/CMakeLists.txt: '{part.name}' (level {part.level}) uses "
                       f"'{used}' (level {parts[used].level}); only lower levels are allowed")


def check_own(path, header, parts, exists):
    """An include of ours, as "part/file.h", from a file of src/<part>/."""
    owner, target = path.split("/")[1], header.split("/")[0]
    if target not in parts:
        return f'"{header}" does not begin with a part; write "part/file.h"'
    if not exists(f"src/{header}"):
        return f'"{header}" does not exist'
    in_test = project.is_test_source(path)
    if "/testing/" in header and not in_test:
        return f'"{header}" is test support; only tests and testing/ may include it'
    if target == owner:
        return None
    if "/internal/" in header:
        return f'"{header}" is private to part \'{target}\''
    part = parts.get(owner)
    allowed = (part.uses + (part.test_uses if in_test else [])) if part else []
    if target not in allowed:
        return (f'"{header}": part \'{owner}\' does not declare {"TEST_USES" if in_test else "USES"}'
                f" {target} in src/{owner}/CMakeLists.txt")
    return None


def check_foreign(path, header, parts, rules):
    """An include in angle brackets."""
    if header.split("/")[0] in parts and "/" in header:
        return f'<{header}> is ours; write "{header}"'
    if re.fullmatch(r"[a-z_]+", header):  # the C++ standard library
        return None
    for prefix, globs in rules:
        if not header.startswith(prefix):
            continue
        if "system" in globs:
            return None
        if not any(project.matches(path, glob) for glob in globs):
            return f"<{header}> is allowed in {', '.join(globs)} only"
        if is_public_header(path):
            return f"<{header}> stands in a public header; keep it in internal/ or the .cpp"
        return None
    return f"<{header}> is not listed in tools/check/third_party_headers.txt"


def is_public_header(path):
    """Headers other parts include. base may show third-party types, all parts build on them."""
    segments = path.split("/")
    return (path.startswith("src/") and path.endswith(".h") and segments[1] != "base"
            and "internal" not in segments and "testing" not in segments
            and "embedded" not in segments)


def check_file(path, text, parts, rules, exists):
    for match in INCLUDE.finditer(text):
        quote, header = match.groups()
        if quote == "<":
            problem = check_foreign(path, header, parts, rules)
        elif path.startswith("src/"):
            problem = check_own(path, header, parts, exists)
        else:
            problem = None
        if problem:
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: {problem}"


def main():
    parts = project.parts()
    rules = load_third_party(project.read("tools/check/third_party_headers.txt"))
    problems = list(check_levels(parts))
    for path in project.files():
        if path.endswith((".h", ".cpp")) and path.startswith(("src/", "tests/", "bench/")):
            problems += check_file(path, project.read(path), parts, rules,
                                   lambda p: (project.ROOT / p).is_file())
    return project.report("includes", problems)


if __name__ == "__main__":
    sys.exit(main())
