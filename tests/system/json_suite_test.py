"""A published collection of JSON texts, pushed to the real program: every text that must be read is, every one that
must not is refused with its reason, and the process that reads them lives on."""

import collections
import os
import unittest

import harness

CENTER = os.path.join(harness.ROOT, "tests", "centers", "json_texts")
# What a text that is no JSON is refused for: as a whole, or as one line among others.
NO_JSON = {"not_json", "cut_off", "not_utf8", "too_deep"}
NO_LINE = {"not_json", "invalid_utf8", "too_deep"}


def texts():
    """Name -> bytes. The name's first letter says what must become of it: y, n, or i, which is open."""
    folder = harness.external_file("suites/JSONTestSuite/test_parsing")
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as text:
            found[name] = text.read()
    return found


def record(name, text):
    return b'{"name":"' + name.encode() + b'","text":' + text + b"}"


class JsonSuite(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.texts = texts()
        cls.server = harness.Server(CENTER).start().sign_in()
        cls.addClassCleanup(cls.server.remove)
        cls.tokens = {source: cls.server.push_token(source) for source in ("array", "lines")}

    def push(self, source, body, media_type):
        return self.server.push(source, self.tokens[source], body, content_type=media_type)

    def test_each_text_as_the_value_of_a_record(self):
        taken = collections.Counter()
        for name, text in self.texts.items():
            answer = self.push("array", b"[" + record(name, text) + b"]", "application/json")
            with self.subTest(name):
                if answer.status == 201:
                    taken[name[0]] += answer.json()["counts"]["accepted"]
                else:
                    self.assertEqual(answer.status, 422, answer.body)
                    self.assertIn(answer.code, NO_JSON)
        print(dict(taken))
        self.assertEqual((taken["y"], taken["n"]), (95, 0))

    def test_texts_of_one_line_among_each_other(self):
        """Those that must not be read are set aside, each alone, and no other with them."""
        lines = {name: text for name, text in self.texts.items() if not set(b"\r\n") & set(text)}
        body = b"".join(record("line_" + name, text) + b"\n" for name, text in lines.items())
        answer = self.push("lines", body, "application/x-ndjson")
        self.assertEqual(answer.status, 201, answer.body)
        refused = self.refused(answer.json()["sequence"])
        reasons = {name: refused.get(number) for number, name in enumerate(lines, 1)}
        read = {name for name, reason in reasons.items() if name.startswith("n_") and reason not in NO_LINE}
        self.assertEqual(read, set())
        lost = {name: reason for name, reason in reasons.items() if name.startswith("y_") and reason}
        self.assertEqual(lost, {})
        print(f"{len(lines)} lines, {len(refused)} set aside")

    def refused(self, delivery):
        """Number of the raw row -> reason."""
        found, cursor = {}, None
        while True:
            page = self.server.get("/quarantine", delivery=delivery, cursor=cursor).json()
            found.update((row["raw_row"], row["reason"]) for row in page["items"])
            cursor = page["next"]
            if not cursor:
                return found


if __name__ == "__main__":
    harness.main(JsonSuite)
