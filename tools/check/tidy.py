#!/usr/bin/env python3
"""Runs clang-tidy over the sources of build/dev's compile commands, and remembers what was clean.

usage: tidy.py [path prefix...]      (default: src/)

A clean result is kept as a stamp under build/tidy, named by the hash of the source, every project
header it reaches, its compile command and the configuration, so that a repeated run costs nothing.
"""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import includes
import project

STAMPS = project.ROOT / "build" / "tidy"
# gcc's own flags, and those that only change code generation.
DROPPED = re.compile(r"-Werror|-fsanitize.*|-fno-sanitize.*|-Wno-tsan|-Wno-maybe-uninitialized"
                     r"|-Wno-stringop.*|-Wno-restrict")
OF_TESTS = re.compile(r"_test\.cpp$|/testing/|_fuzz\.cpp$")  # the compiler's warnings suffice
ADDED = ["-Wno-unknown-warning-option", "-Wno-missing-braces",
         "-D__cpp_impl_coroutine=201902L"]  # clang 14 has coroutines but does not announce them


def load_commands(prefixes):
    """[(relative path, command words)] of the sources to check."""
    database = project.ROOT / "build" / "dev" / "compile_commands.json"
    if not database.is_file():
        sys.exit("tidy: build/dev/compile_commands.json is missing; run ./dev build")
    found = []
    for entry in json.loads(database.read_text()):
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), project.ROOT)
        if path.startswith(tuple(prefixes)) and not OF_TESTS.search(path):
            words = shlex.split(entry["command"])
            if os.path.basename(words[0]) == "ccache":
                words = words[1:]
            words = [w for w in words if not DROPPED.fullmatch(w)] + ADDED
            found.append((path, entry["directory"], words))
    return sorted(found)


def reached(path, seen):
    """Adds to `seen` the source and all project files it includes, directly or not."""
    if path in seen or not (project.ROOT / path).is_file():
        return seen
    seen.add(path)
    for quote, header in includes.INCLUDE.findall(project.read(path)):
        if quote == '"':
            reached(f"src/{header}", seen)
    return seen


def stamp_of(path, words):
    digest = hashlib.sha256()
    for name in [".clang-tidy", "third_party/npm/package-lock.json", *sorted(reached(path, set()))]:
        digest.update(name.encode() + b"\0" + (project.ROOT / name).read_bytes())
    command = " ".join(words).replace(str(project.ROOT), "")
    digest.update(command.encode())
    return STAMPS / digest.hexdigest()


def check(path):
    run = subprocess.run(
        ["clang-tidy-14", "--quiet", "-p", str(STAMPS), str(project.ROOT / path)],
        capture_output=True, text=True)
    output = run.stdout.strip()
    if run.returncode != 0 and not output:
        output = run.stderr.strip()
    return run.returncode, output.replace(f"{project.ROOT}/", "")


def findings(output):
    """The findings of one run, each with its lines of explanation."""
    return re.split(r"\n(?=\S+:\d+:\d+: (?:error|warning):)", output)


def main():
    commands = load_commands([os.path.relpath(a, project.ROOT) for a in sys.argv[1:]] or ["src/"])
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / "compile_commands.json").write_text(json.dumps(
        [{"directory": d, "file": str(project.ROOT / p), "arguments": w} for p, d, w in commands]))
    stamps = {path: stamp_of(path, words) for path, _, words in commands}
    due = [path for path in stamps if not stamps[path].exists()]
    print(f"tidy: {len(due)} of {len(stamps)} sources to check", flush=True)
    failed, shown = [], set()
    with ThreadPoolExecutor(int(os.environ.get("FANSIPAN_JOBS", os.cpu_count() or 2))) as pool:
        for path, (status, output) in zip(due, pool.map(check, due)):
            if status == 0:
                stamps[path].touch()
            else:
                failed.append(path)
                for finding in findings(output):
                    if finding not in shown:  # a header's comes with every source that reaches it
                        print(finding, flush=True)
                    shown.add(finding)
    return project.report("tidy", [f"{path}: clang-tidy has findings" for path in failed])


if __name__ == "__main__":
    sys.exit(main())
