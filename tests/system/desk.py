"""The center tests/centers/desk: requests in three formats, and one server for a test class."""

import contextlib
import csv
import io
import json
import unittest

import harness

COLUMNS = ["number", "ward", "handed_in", "due", "pages", "fee", "urgent", "channel"]
MEDIA_TYPES = {"csv_desk": "text/csv", "json_desk": "application/json",
               "ndjson_desk": "application/x-ndjson"}


def row(number, /, **other):
    """A good row, with what a test wants otherwise. The number may be any text."""
    good = {"number": str(number), "ward": "N", "handed_in": "2026-03-02T09:00:00+07:00",
            "due": "2026-03-09", "pages": "3", "fee": "1.50", "urgent": "true",
            "channel": "counter"}
    return {**good, **other}


def to_csv(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def to_json(rows):
    return json.dumps({"requests": rows}).encode()


def to_ndjson(rows):
    return b"".join(json.dumps(each).encode() + b"\n" for each in rows)


ENCODERS = {"csv_desk": to_csv, "json_desk": to_json, "ndjson_desk": to_ndjson}


class DeskTest(unittest.TestCase):
    """One server for the class, with a token for each source and a first, good request."""

    @classmethod
    def make_center(cls):
        return harness.DESK

    @classmethod
    def setUpClass(cls):
        cls.server = harness.Server(cls.make_center())
        cls.addClassCleanup(cls.server.remove)
        cls.server.start().sign_in()
        cls.tokens = {}
        cls.good = 0

    @classmethod
    def tearDownClass(cls):
        """What a sanitizer had to say of the server."""
        found = [line for line in cls.server.log_text().splitlines()
                 if "runtime error:" in line or "ERROR: AddressSanitizer" in line]
        if found:
            raise AssertionError("\n".join(found))

    def token(self, source):
        if source not in self.tokens:
            self.tokens[source] = self.server.push_token(source)
        return self.tokens[source]

    def push(self, source, body, **options):
        options.setdefault("content_type", MEDIA_TYPES.get(source, "text/csv"))
        return self.server.push(source, self.token(source), body, **options)

    def push_good(self, source="csv_desk"):
        """A request of a number never used before is taken, and shows in the figure."""
        before = self.requests()
        type(self).good += 1
        body = ENCODERS.get(source, to_csv)([row(f"good-{self.good}")])
        answer = self.push(source, body)
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(answer.json()["counts"]["accepted"], 1)
        harness.wait_until(lambda: self.requests() == before + 1, "the good request")
        return answer

    def requests(self):
        """The figure, read now."""
        return int(self.server.figure("all_requests", period="2026")["value"] or 0)

    def push_head(self, source, *fields):
        """The head of a push as bytes, for bodies that no decent client would send."""
        head = [f"POST /api/v1/sources/{source}/deliveries HTTP/1.1",
                f"Host: 127.0.0.1:{self.server.port}",
                f"Authorization: Bearer {self.token(source)}",
                f"Content-Type: {MEDIA_TYPES[source]}", *fields]
        return ("\r\n".join(head) + "\r\n\r\n").encode()

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertTrue(answer.json()["detail"])

    @contextlib.contextmanager
    def nothing_stored(self):
        """Deliveries, quarantine, archive and figures are afterwards what they were."""
        def all_of_it():
            return (list(self.server.deliveries()), self.server.stored_files(), self.requests(),
                    self.server.get("/quarantine", open="false", limit=1000).body)
        before = all_of_it()
        yield
        self.assertEqual(all_of_it(), before)
