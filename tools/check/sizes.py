#!/usr/bin/env python3
"""Holds functions, files, folders and parameter lists to the limits of the house style.

An exception stands in size_exceptions.txt with its size and reason. The list only shrinks: an entry
whose subject is gone, within the limit, or smaller than the entry says must be removed or lowered.
"""

import ast
import sys
from collections import Counter
from dataclasses import dataclass

import cpp_functions
import project

LIMITS = {"function": 70, "parameters": 6, "file": 800, "folder": 40}
SOURCES = (".h", ".cpp", ".py", ".ts", ".tsx", ".css", ".sh", ".cmake")
FOLDERS = ("src/", "web/src/", "tools/", "cmake/", "schemas/")


@dataclass(frozen=True)
class Size:
    kind: str
    subject: str
    value: int
    line: int = 1


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = node.args
            count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
            yield cpp_functions.Function(node.name, node.lineno,
                                         node.end_lineno - node.lineno + 1, count)


def measure_file(path, text):
    """Every size of one file. Lines are counted as an editor shows them."""
    yield Size("file", path, len(text.splitlines()))
    functions = []
    if path.endswith((".h", ".cpp")):
        functions = cpp_functions.find_functions(text)
    elif path.endswith(".py"):
        functions = python_functions(text)
    for function in functions:
        subject = f"{path}:{function.name}"
        yield Size("function", subject, function.lines, function.line)
        yield Size("parameters", subject, function.parameters, function.line)


def measure_folders(paths):
    """Files directly in each folder; the tests that stand beside their sources do not count."""
    counted = Counter(path.rsplit("/", 1)[0] for path in paths
                      if path.startswith(FOLDERS) and not path.endswith(("_test.cpp", ".test.ts",
                                                                         ".test.tsx")))
    return [Size("folder", folder, count) for folder, count in sorted(counted.items())]


def load_exceptions(text):
    """Lines of `kind subject size reason` -> ({(kind, subject): size}, problems)."""
    exceptions, problems = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split(None, 3)
        if len(words) < 4 or words[0] not in LIMITS or not words[2].isdigit():
            problems.append(f"tools/check/size_exceptions.txt:{number}: write "
                            f"`{'|'.join(LIMITS)} subject size reason`")
            continue
        exceptions[words[0], words[1]] = int(words[2])
    return exceptions, problems


def judge(sizes, exceptions):
    """Problems of sizes against the limits and the exceptions."""
    largest = {}
    for size in sizes:
        key = (size.kind, size.subject)
        if key not in largest or size.value > largest[key].value:
            largest[key] = size
    for key, size in largest.items():
        allowed = max(LIMITS[size.kind], exceptions.get(key, 0))
        if size.value > allowed:
            path, _, name = size.subject.partition(":")
            of = f" of {name}" if name else ""
            unit = {"parameters": "parameters", "folder": "files"}.get(size.kind, "lines")
            yield f"{path}:{size.line}: {size.kind}{of}: {size.value} {unit}, allowed {allowed}"
    for key, value in exceptions.items():
        actual = largest[key].value if key in largest else 0
        if actual < value:
            what = "remove" if actual <= LIMITS[key[0]] else f"lower to {actual}"
            yield f"tools/check/size_exceptions.txt: {key[0]} {key[1]} {value}: {what} this entry"


def main():
    paths = project.files()
    exceptions, problems = load_exceptions(project.read("tools/check/size_exceptions.txt"))
    sizes = measure_folders(paths)
    for path in paths:
        if path.endswith(SOURCES) and not path.startswith("centers/"):
            sizes += measure_file(path, project.read(path))
    return project.report("sizes", problems + list(judge(sizes, exceptions)))


if __name__ == "__main__":
    sys.exit(main())
