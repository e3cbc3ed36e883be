"""Finds the functions of a C++ source by matching braces; no full parser, but exact on our style."""

import re
from dataclasses import dataclass

import project


@dataclass
class Function:
    name: str
    line: int
    lines: int
    parameters: int


_ACCESS = re.compile(r"(?:\s|\b(?:public|private|protected)\s*:(?!:))*")
_NAME = re.compile(r"(operator\s*\(\)|operator\s*[^\s\w(]+|[\w~]+)\s*\(")
_TAIL_WORDS = re.compile(r"\b(const|noexcept|override|final|mutable|try|volatile|requires)\b")
_NOT_FUNCTIONS = {"alignas", "decltype", "noexcept", "requires", "if", "for", "while", "switch",
                  "catch", "static_assert", "explicit", "__attribute__"}


def find_functions(text):
    """Functions defined at namespace or class level, in order. Lambdas count with their owner."""
    code = project.plain_code(text)
    found, start, position = [], 0, 0
    while position < len(code):
        char = code[position]
        if char in ";}":
            start = position + 1
        elif char == "(":
            position = _closing(code, position)
        elif char == "{":
            head = code[start:position]
            kind, name, parameters = _classify(head)
            if kind == "scope":
                start = position + 1
            else:
                end = _closing(code, position)
                if kind == "function":
                    first = start + _ACCESS.match(head).end()
                    found.append(Function(name, code.count("\n", 0, first) + 1,
                                          code.count("\n", first, end) + 1,
                                          _count_parameters(parameters)))
                    start = end + 1
                position = end
        position += 1
    return found


def _closing(code, position):
    """The index of the bracket that closes the one at `position`, or the last index."""
    opening = code[position]
    closing = {"(": ")", "{": "}"}[opening]
    depth = 0
    for match in re.compile(re.escape(opening) + "|" + re.escape(closing)).finditer(code, position):
        depth += 1 if match.group() == opening else -1
        if depth == 0:
            return match.start()
    return len(code) - 1


def _classify(head):
    """(kind, name, parameter text) of what stands before a brace; kind: scope, function, value."""
    bare = re.sub(r"\[\[.*?\]\]", " ", head[_ACCESS.match(head).end():], flags=re.DOTALL)
    signature = _signature(bare)
    if signature is None:
        is_scope = re.search(r"\b(namespace|class|struct|union|extern)\b", bare)
        return ("scope" if is_scope and "=" not in _without_angles(bare) else "value"), "", ""
    name, parameters, tail = signature
    stripped = tail.lstrip()
    while (word := _TAIL_WORDS.match(stripped)) is not None:
        stripped = stripped[word.end():].lstrip()
    if stripped.startswith(":") and not bare.rstrip().endswith((")", "}")):
        return "value", "", ""  # a brace initialiser in a constructor's list
    return "function", name, parameters


def _without_angles(text):
    previous = None
    while previous != text:
        previous, text = text, re.sub(r"<[^<>]*>", "", text)
    return text


def _signature(head):
    """(name, parameters, tail) of a function head, or None."""
    position = 0
    while (match := _NAME.search(head, position)) is not None:
        name = re.sub(r"\s", "", match.group(1))
        before = _without_angles(head[:match.start()])
        end = _closing(head, match.end() - 1)
        position = end
        if name in _NOT_FUNCTIONS or before.count("<") > before.count(">"):
            continue
        if re.search(r"(?<![=!<>])=(?!=)", before):
            return None  # the value of a variable
        return name, head[match.end():end], head[end + 1:]
    return None


def _count_parameters(text):
    if text.strip() in ("", "void"):
        return 0
    depth, count = 0, 1
    for char in text.replace("->", "").replace(">=", "").replace("<=", ""):
        depth += (char in "<([{") - (char in ">)]}")
        count += char == "," and depth == 0
    return count
