"""Bodies that are too large, too deep, not what was declared, cut off, or bombs.

Each is answered with a problem that has a code; nothing of it is stored; memory stays bounded; the
server serves figures meanwhile.
"""

import contextlib
import gzip
import socket
import struct
import zlib

import desk
import harness

MB = 1 << 20
LIMIT = 8 * MB  # of a payload, as the center declares it
# A sanitizer keeps freed memory for a while (256 MB): a bound, not the bytes of one body.
SLACK = 400 * MB


def zstd_frame(blocks, window=0x58, last=True):
    """A zstd frame of `blocks` times 128 KB of one letter: four bytes each."""
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([window])
    for number in range(blocks):
        is_last = last and number == blocks - 1
        frame += struct.pack("<I", is_last | 1 << 1 | 131072 << 3)[:3] + b"x"
    return frame


class HostileBodies(desk.DeskTest):
    def setUp(self):
        self.push_good()
        self.before = self.requests()

    @contextlib.contextmanager
    def bounded_memory(self, slack=SLACK):
        self.server.forget_peak()
        before = self.server.memory()
        yield
        peak = self.server.memory("VmHWM")
        self.assertLess(peak - before, slack, f"{before >> 20} MB became {peak >> 20} MB")

    def assert_refused(self, cases):
        """Cases: name, source, body, status, code, and options of the push."""
        for name, source, body, status, code, *options in cases:
            with self.subTest(name), self.nothing_stored():
                self.assert_problem(self.push(source, body, **(options or [{}])[0]), status, code)

    def test_json_that_is_nested_too_deep(self):
        inside = b'{"requests":[{"number":' + b"[" * 50 + b"]" * 50 + b"}]}"
        self.assert_refused([
            ("arrays without end", "json_desk", b"[" * 4_000_000, 422, "too_deep"),
            ("objects without end", "json_desk", b'{"a":' * 1_000_000, 422, "too_deep"),
            ("inside a record", "json_desk", inside, 422, "too_deep"),
            ("all lines of it", "ndjson_desk", b"[" * 100_000 + b"\n", 422, "too_deep")])

    def test_bodies_that_are_not_utf8(self):
        rows = [desk.row("Số 1")]
        utf16 = desk.to_csv(rows).decode().encode("utf-16")
        self.assert_refused([
            ("CSV in UTF-16", "csv_desk", utf16, 422, "byte_order_mark"),
            ("CSV of zeros", "csv_desk", b"\0" * 5000, 422, "not_utf8"),
            ("JSON in Latin-1", "json_desk", b'{"requests":[{"number":"\xe9"}]}', 422, "not_utf8"),
            ("NDJSON in Latin-1", "ndjson_desk", b'{"number":"\xe9"}\n', 422, "not_utf8"),
            ("overlong", "json_desk", b'{"requests":[{"number":"\xc0\x80"}]}', 422, "not_utf8")])

    def test_bodies_that_are_not_the_declared_format(self):
        rows = [desk.row(1)]
        self.assert_refused([
            ("JSON as CSV", "csv_desk", desk.to_json(rows), 422, "wrong_columns"),
            ("CSV as JSON", "json_desk", desk.to_csv(rows), 422, "wrong_shape"),
            ("CSV as NDJSON", "ndjson_desk", desk.to_csv(rows), 422, "not_json"),
            ("JSON without the array", "json_desk", b'{"requests": 1}', 422, "wrong_shape"),
            ("two JSON texts", "json_desk", desk.to_json(rows) * 2, 422, "not_json"),
            ("nothing", "json_desk", b"", 422, "cut_off"),
            ("another media type", "csv_desk", desk.to_csv(rows), 415, "unsupported_media_type",
             {"content_type": "application/json"}),
            ("an unknown coding", "csv_desk", b"x", 415, "unknown_encoding", {"encoding": "br"}),
            ("two codings", "csv_desk", gzip.compress(b"x"), 415, "unknown_encoding",
             {"encoding": "gzip, gzip"}),
            ("more rows than allowed", "csv_desk", desk.to_csv([desk.row(1)] * 20_001), 413,
             "too_many_rows")])

    def test_bodies_that_are_cut_off(self):
        text = desk.to_csv([desk.row(number) for number in range(200)])
        whole = zstd_frame(1)
        self.assert_refused([
            ("CSV", "csv_desk", desk.to_csv([desk.row(1)]) + b'"2,N', 422, "cut_off"),
            ("JSON", "json_desk", desk.to_json([desk.row(1)])[:-20], 422, "cut_off"),
            ("NDJSON", "ndjson_desk", desk.to_ndjson([desk.row(1), desk.row(2)])[:-20], 422,
             "cut_off"),
            ("gzip", "csv_desk", gzip.compress(text)[:-9], 422, "bad_compression",
             {"encoding": "gzip"}),
            ("deflate", "csv_desk", zlib.compress(text)[:-5], 422, "bad_compression",
             {"encoding": "deflate"}),
            ("zstd", "csv_desk", whole[:-1], 422, "bad_compression", {"encoding": "zstd"}),
            ("zstd without its last block", "csv_desk", zstd_frame(1, last=False), 422,
             "bad_compression", {"encoding": "zstd"}),
            ("plain text said to be gzip", "csv_desk", text, 422, "bad_compression",
             {"encoding": "gzip"})])

    def test_a_key_used_before_with_another_body(self):
        first = self.push("csv_desk", desk.to_csv([desk.row("key-1")]), key="used")
        self.assertEqual(first.status, 201)
        harness.wait_until(lambda: self.requests() == self.before + 1, "the first of the key")
        self.before += 1
        self.assert_refused([("another body", "csv_desk", desk.to_csv([desk.row("key-2")]), 422,
                              "idempotency_key_reused", {"key": "used"})])

    def test_connections_that_end_within_the_body(self):
        body = desk.to_csv([desk.row(1)])
        declared = self.push_head("csv_desk", f"Content-Length: {len(body) + 1}")
        chunked = self.push_head("csv_desk", "Transfer-Encoding: chunked")
        chunk = f"{len(body):x}\r\n".encode() + body
        for name, sent in (("declared length", declared + body), ("within a chunk", chunked + chunk),
                           ("without the last chunk", chunked + chunk + b"\r\n")):
            with self.subTest(name), self.nothing_stored():
                answer = self.server.exchange(sent, finish=True)
                self.assert_problem(answer, 400, "body_cut_off")
            with self.subTest(name + ", torn"), self.nothing_stored():
                with self.server.connect() as connection:
                    connection.sendall(sent)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                          struct.pack("ii", 1, 0))

    def test_compressed_a_thousandfold(self):
        zeros = b"\0" * (300 * MB)
        bombs = [("gzip", gzip.compress(zeros)), ("deflate", zlib.compress(zeros)),
                 ("zstd", zstd_frame(2400)), ("gzip", gzip.compress(zeros[:4 * MB])),
                 ("zstd", zstd_frame(32))]
        with self.bounded_memory():
            self.assert_refused([
                (f"{coding}, {len(bomb)} bytes", "csv_desk", bomb, 413, "unpacked_too_large",
                 {"encoding": coding}) for coding, bomb in bombs])
            self.assert_refused([("a window of 2 GB", "csv_desk", zstd_frame(1, window=21 << 3),
                                  422, "bad_compression", {"encoding": "zstd"})])

    def test_a_body_declared_too_large_is_refused_before_it_comes(self):
        for length in (LIMIT + 1, 9_000_000_000, 2**63):
            with self.subTest(length), self.nothing_stored():
                head = self.push_head("csv_desk", f"Content-Length: {length}")
                self.assert_problem(self.server.exchange(head), 413, "body_too_large")

    def test_who_sends_the_whole_of_a_body_too_large_can_read_the_answer(self):
        with self.nothing_stored():
            self.assert_problem(self.push("csv_desk", b"x" * (LIMIT + MB)), 413, "body_too_large")

    def test_a_body_without_a_length_is_cut_off_at_the_limit(self):
        head = self.push_head("csv_desk", "Transfer-Encoding: chunked")
        chunk = b"100000\r\n" + b"x" * MB + b"\r\n"
        sent = 0
        with self.nothing_stored(), self.bounded_memory(), self.server.connect() as connection:
            connection.sendall(head)
            with contextlib.suppress(ConnectionError):
                while sent < 400 * MB:
                    connection.sendall(chunk)
                    sent += MB
                    self.assertEqual(self.requests(), self.before)
        self.assertGreaterEqual(sent, LIMIT - MB)
        self.assertLess(sent, LIMIT + 100 * MB)
        print(f"cut off after {sent >> 20} MB")

    def test_chunks_that_no_one_can_understand(self):
        head = self.push_head("csv_desk", "Transfer-Encoding: chunked")
        long_extension = b"1;" + b"a" * (4 * MB)
        for name, body in (("a size beyond 64 bits", b"F" * 17 + b"\r\nx"),
                           ("a size that is no number", b"xyz\r\nabc\r\n0\r\n\r\n"),
                           ("a negative size", b"-1\r\nabc\r\n0\r\n\r\n"),
                           ("an extension without end", long_extension)):
            with self.subTest(name), self.nothing_stored(), self.bounded_memory():
                with self.server.connect() as connection:
                    with contextlib.suppress(ConnectionError):
                        connection.sendall(head + body)
                    with contextlib.suppress(ConnectionError):
                        answer = harness.read_answer(connection)
                        self.assertEqual((answer.status, answer.code), (400, "body_cut_off"))

    def tearDown(self):
        self.assertEqual(self.requests(), self.before)
        self.assertIsNone(self.server.process.poll())


if __name__ == "__main__":
    harness.main(HostileBodies)
