#!/usr/bin/env python3
"""Makes a connector that compiles and whose tests run, and enters it into the lists.

Everything is looked at before anything is written: a name that is taken, or a list that looks
different from what is known here, ends it with nothing changed.
"""

import os
import re
import sys

TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "connector")
FILES = {
    "options.h.in": "src/center/connectors/@name@.h",
    "parser.h.in": "src/center/internal/connectors/@name@.h",
    "parser.cpp.in": "src/center/internal/connectors/@name@.cpp",
    "parser_test.cpp.in": "src/center/internal/connectors/@name@_test.cpp",
    "connector.h.in": "src/sources/connectors/@name@/@name@.h",
    "connector.cpp.in": "src/sources/connectors/@name@/@name@.cpp",
    "connector_test.cpp.in": "src/sources/connectors/@name@/@name@_test.cpp",
    "readme.md.in": "src/sources/connectors/@name@/README.md",
}
OPTIONS = '''constexpr std::array k@Name@Options{
    ConnectorOption{"place", "where its records are"},
    ConnectorOption{"secret", "kept secret by which it is asked"},
    ConnectorOption{"every", "from the end of one asking to the next"},
};

'''
ASKING = '''    Asking{"@name@", "it says what is asked", true,
           [](Draft&, const YamlMap& map, Source& source) {
             source.@name@ = Read@Name@(map);
           },
           [](Source& source) { source.@name@ = nullptr; }},
'''
DIFFERENCE = '''  if (source.@name@) {
    fields.emplace_back("@name@.place", source.@name@->place);
    fields.emplace_back("@name@.secret", source.@name@->secret);
    fields.emplace_back("@name@.every", TextOf(source.@name@->every));
  }
'''
# (file, line that is known, what is put before ("<") or behind (">") it).
ENTRIES = [
    ("src/center/source.h", "struct HttpPull;", "<",
     "struct @Name@;  // center/connectors/@name@.h\n"),
    ("src/center/source.h", "  std::vector<Reach> reach;", "<",
     "  std::shared_ptr<const @Name@> @name@;\n"),
    ("src/center/connectors.cpp", '#include "center/connectors/http_pull.h"', "<",
     '#include "center/connectors/@name@.h"\n'),
    ("src/center/connectors.cpp", "constexpr std::array kConnectors{", "<", OPTIONS),
    ("src/center/connectors.cpp", "constexpr std::array kConnectors{", ">",
     '    ConnectorKind{"@name@", ConnectorStatus::kTrial, "what it asks", k@Name@Options},\n'),
    ("src/center/connectors.cpp", '  if (source.http_pull) return "http_pull";', "<",
     '  if (source.@name@) return "@name@";\n'),
    ("src/center/connectors.cpp", "  if (source.http_pull) return source.http_pull->every;", "<",
     "  if (source.@name@) return source.@name@->every;\n"),
    ("src/center/connectors.cpp", "  if (source.http_pull) names.merge(", "<",
     "  if (source.@name@) names.insert(source.@name@->secret);\n"),
    ("src/center/internal/sources.cpp", "const std::vector<std::string_view> kKeys = {", ">",
     '    "@name@",\n'),
    ("src/center/internal/connectors/asking.cpp",
     '#include "center/internal/connectors/http_pull.h"', "<",
     '#include "center/internal/connectors/@name@.h"\n'),
    ("src/center/internal/connectors/asking.cpp", "constexpr std::array kAsking{", ">", ASKING),
    ("src/center/internal/connectors/connector_fields.cpp",
     '#include "center/connectors/http_pull.h"', "<", '#include "center/connectors/@name@.h"\n'),
    ("src/center/internal/connectors/connector_fields.cpp", "void AppendConnectors(", ">",
     DIFFERENCE),
    ("src/center/CMakeLists.txt", "    internal/connectors/http_pull.cpp", "<",
     "    internal/connectors/@name@.cpp\n"),
    ("src/center/CMakeLists.txt", "    internal/connectors/http_pull_test.cpp", "<",
     "    internal/connectors/@name@_test.cpp\n"),
    ("src/sources/CMakeLists.txt", "    connectors/http/http_pull.cpp", ">",
     "    connectors/@name@/@name@.cpp\n"),
    ("src/sources/CMakeLists.txt", "    connectors/http/http_pull_test.cpp", ">",
     "    connectors/@name@/@name@_test.cpp\n"),
    ("src/sources/connectors/connectors.cpp",
     '#include "sources/connectors/http/http_pull.h"', ">",
     '#include "sources/connectors/@name@/@name@.h"\n'),
    ("src/sources/connectors/connectors.cpp", "  if (source.http_pull) return MakeHttpPull(", "<",
     "  if (source.@name@) return Make@Name@(source, metrics);\n"),
]
LEFT = """made the connector {name}. What only you can do:
  src/sources/connectors/{name}/  the client, its README; then the system test with the real server
  schemas/openapi.yaml            {name} in the two enums beside http_pull
  web/src/ui/texts/*.json         sources.connector.{name} in both languages
  src/center/internal/connectors/http_pull_test.cpp  the number of connectors
  docs/guides/center.md, docs/glossary.md, a guide   what can be declared, new words
  cmake/dependencies.cmake, tools/packages.txt, docs/dependencies.md, tools/check/third_party_headers.txt
                                  a library that it needs
Then: ./dev fmt && ./dev test -R '{name}'   (docs/guides/writing_a_connector.md)"""


def filled(text, name):
    pascal = "".join(word.capitalize() for word in name.split("_"))
    return text.replace("@name@", name).replace("@Name@", pascal)


def entered(text, known, side, put):
    """The text with `put` before or behind the one line that begins as known."""
    lines = text.splitlines(keepends=True)
    found = [at for at, line in enumerate(lines)
             if line.startswith(known) or line.strip().startswith(known)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} lines begin with '{known.strip()}' where one is expected")
    lines.insert(found[0] + (side == ">"), put)
    return "".join(lines)


def make(root, name):
    """What each file will hold, by path."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", name) or name.endswith("_") or "__" in name:
        raise ValueError("the name is lower-case words joined with _, such as queue_feed")
    files = {}
    for template, path in FILES.items():
        with open(os.path.join(TEMPLATES, template), encoding="utf-8") as file:
            files[filled(path, name)] = filled(file.read(), name)
    taken = [path for path in files if os.path.exists(os.path.join(root, path))]
    if taken or os.path.exists(os.path.join(root, "src/sources/connectors", name)):
        raise ValueError(f"'{name}' is taken: {', '.join(taken) or 'its folder'} is there")
    for path, known, side, put in ENTRIES:
        if path not in files:
            with open(os.path.join(root, path), encoding="utf-8") as file:
                files[path] = file.read()
        try:
            files[path] = entered(files[path], known, side, filled(put, name))
        except ValueError as error:
            raise ValueError(f"{path}: {error}; enter it by hand and mend tools/new/connector.py"
                             ) from error
    return files


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: connector.py root name")
    root, name = arguments
    try:
        files = make(root, name)
    except ValueError as error:
        sys.exit(f"no connector was made: {error}")
    for path, text in files.items():
        whole = os.path.join(root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="utf-8") as file:
            file.write(text)
    print(LEFT.format(name=name))


if __name__ == "__main__":
    main(sys.argv[1:])
