#!/usr/bin/env python3
"""Checks names of files, folders, types and functions, forgotten notes, and parts' readme files."""

import re
import sys

import cpp_functions
import project

BANNED_WORDS = {"Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Info", "Impl",
                "Common", "Misc"}
BANNED_PLACES = {"common", "util", "utils", "helper", "helpers", "misc", "core", "manager", "info",
                 "impl"}
SNAKE_PLACES = ("src/", "tests/", "tools/", "cmake/", "centers/", "schemas/")
SNAKE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*|README\.md|CMakeLists\.txt")
NOTES = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
TEXTS = (".h", ".cpp", ".py", ".ts", ".tsx", ".sh", ".cmake", ".txt", ".yaml", ".sql", ".css",
         ".md", ".html")
TYPE = re.compile(r"\b(?:class|struct|enum(?:\s+class)?|union|using|concept|typename|interface|type)"
                  r"\s+([A-Za-z_]\w*)")
NAMESPACE = re.compile(r"\bnamespace\s+([\w:]+)\s*\{")
README_LINES = 40


def words_of(name):
    """The words of a PascalCase or camelCase name."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)


def check_path(path):
    segments = path.split("/")
    if path.startswith(SNAKE_PLACES):
        for segment in segments[1:]:
            if not SNAKE.fullmatch(segment):
                yield f"{path}: '{segment}' is not snake_case"
    if path.startswith(("src/", "web/src/", "tools/", "tests/")):
        for segment in segments[1:]:
            stem = segment.split(".")[0]
            banned = set(stem.lower().split("_")) & BANNED_PLACES if "." not in segment else (
                {stem.lower()} & BANNED_PLACES)
            if banned:
                yield f"{path}: '{segment}' does not say what lives there"


def check_code_names(path, text):
    """Declared types, functions and namespaces of a C++ or TypeScript source."""
    code = project.plain_code(text)
    names = [(m.group(1), code.count("\n", 0, m.start()) + 1, BANNED_WORDS)
             for m in TYPE.finditer(code)]
    if path.endswith((".h", ".cpp")):  # a function may well log at level Info
        names += [(f.name, f.line, BANNED_WORDS - {"Info"})
                  for f in cpp_functions.find_functions(text)]
    for name, line, refused in names:
        words = set(words_of(name))
        banned = words & refused
        if "Handler" in words and not path.startswith(("src/http/", "web/")):
            banned.add("Handler")
        if banned:
            yield f"{path}:{line}: '{name}': name the thing, not '{', '.join(sorted(banned))}'"
    for match in NAMESPACE.finditer(code):
        if set(match.group(1).split("::")) & BANNED_PLACES:
            line = code.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: namespace '{match.group(1)}' does not say what lives there"


def check_notes(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if match := NOTES.search(line):
            yield f"{path}:{number}: '{match.group()}': do it, or open an issue"


def check_readme(part, root=project.ROOT):
    path = root / "src" / part / "README.md"
    if not path.is_file():
        yield f"src/{part}/README.md is missing"
    elif (lines := len(path.read_text(encoding="utf-8").splitlines())) > README_LINES:
        yield f"src/{part}/README.md: {lines} lines, allowed {README_LINES}"


def main():
    problems = []
    for path in project.files():
        problems += check_path(path)
        if path.endswith(TEXTS) and not path.startswith("third_party/"):
            text = project.read(path)
            problems += check_notes(path, text)
            if path.endswith((".h", ".cpp", ".ts", ".tsx")):
                problems += check_code_names(path, text)
    for part in project.parts():
        problems += check_readme(part)
    return project.report("names", problems)


if __name__ == "__main__":
    sys.exit(main())
