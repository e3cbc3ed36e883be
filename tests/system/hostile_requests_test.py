"""Requests made to be read in two ways, to climb out of a folder, or without leave."""

import contextlib
import os
import re
import socket
import tempfile

import desk
import harness

DESCRIPTION = os.path.join(harness.ROOT, "schemas", "openapi.yaml")
SECRET = "set-aside-for-nobody"


def described_routes():
    """(method, path, its declared security or None) of every route of the description."""
    with open(DESCRIPTION, encoding="utf-8") as file:
        paths = file.read().split("\npaths:\n")[1].split("\ncomponents:\n")[0]
    routes, path = [], None
    for line in paths.splitlines():
        if found := re.match(r"  (/\S*):$", line):
            path = found.group(1)
        elif found := re.match(r"    (get|post|put|patch|delete):$", line):
            routes.append([found.group(1).upper(), path, None])
        elif found := re.match(r"      security: (.*)$", line):
            routes[-1][2] = found.group(1)
    return [tuple(route) for route in routes]


class HostileRequests(desk.DeskTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good_head = f"Host: 127.0.0.1:{cls.server.port}\r\n"

    def ask(self, request, finish=False):
        return self.server.exchange(request.encode("latin-1"), finish=finish)

    def test_lengths_that_could_be_read_in_two_ways(self):
        body = "5\r\nhello\r\n0\r\n\r\n"
        for fields in ("Content-Length: 15\r\nTransfer-Encoding: chunked\r\n",
                       "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                       "Content-Length: 5\r\nContent-Length: 6\r\n",
                       "Content-Length: 5\r\nContent-Length: 5\r\n",
                       "Content-Length: 5, 5\r\n", "Content-Length: +5\r\n",
                       "Content-Length: 0x5\r\n", "Content-Length: -5\r\n",
                       "Content-Length: 99999999999999999999999\r\n",
                       "Transfer-Encoding: chunked, identity\r\n",
                       "Transfer-Encoding: gzip, chunked\r\n",
                       "Transfer-Encoding: xchunked\r\n",
                       "Transfer-Encoding : chunked\r\n",
                       "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"):
            with self.subTest(fields), self.nothing_stored():
                head = self.push_head("csv_desk").decode()[:-2]
                answer = self.ask(head + fields + "\r\n" + body)
                self.assertEqual((answer.status, answer.code), (400, "bad_request"), answer.body)
                self.assertEqual(answer.headers["connection"], "close")

    def test_what_follows_a_refused_request_is_never_answered(self):
        head = self.push_head("csv_desk").decode()[:-2]
        hidden = f"GET /healthz HTTP/1.1\r\n{self.good_head}\r\n"
        request = head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden
        with self.server.connect() as connection:
            connection.sendall(request.encode())
            connection.shutdown(socket.SHUT_WR)
            everything = b"".join(iter(lambda: connection.recv(65536), b""))
        self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d{3} ", everything)), 1, everything)

    def test_heads_that_are_too_large(self):
        for name, fields in (("one field", "X: " + "a" * 20_000 + "\r\n"),
                             ("many fields", "X: a\r\n" * 200),
                             ("many large fields", ("X: " + "a" * 1000 + "\r\n") * 1000)):
            with self.subTest(name):
                with self.server.connect() as connection:
                    with contextlib.suppress(ConnectionError):
                        connection.sendall(f"GET /healthz HTTP/1.1\r\n{self.good_head}{fields}\r\n"
                                           .encode())
                    answer = harness.read_answer(connection)
                self.assertEqual((answer.status, answer.code), (431, "header_too_large"))
        answer = self.ask(f"GET /{'a' * 20_000} HTTP/1.1\r\n{self.good_head}\r\n")
        self.assertIn(answer.status, (414, 431))

    def test_methods_and_versions_that_are_not_spoken(self):
        for method in ("BREW", "PUT", "PATCH", "TRACE", "CONNECT", "get", "DELETE"):
            with self.subTest(method):
                answer = self.ask(f"{method} /api/v1/deliveries HTTP/1.1\r\n{self.good_head}\r\n")
                self.assertEqual((answer.status, answer.code), (405, "method_not_allowed"))
                self.assertIn("GET", answer.headers["allow"])
        for line in ("GET /healthz HTTP/2.0", "GET /healthz HTTP/9.9", "GET /healthz", "GET",
                     "GET  /healthz HTTP/1.1", "G\0T /healthz HTTP/1.1", "\x16\x03\x01\x02\0"):
            with self.subTest(line):
                with self.server.connect() as connection:
                    connection.sendall(f"{line}\r\n{self.good_head}\r\n".encode("latin-1"))
                    connection.shutdown(socket.SHUT_WR)
                    first = connection.recv(65536)
                self.assertRegex(first, rb"^(HTTP/1\.1 (400|505) |$)")

    def test_a_host_that_is_not_ours_and_a_page_of_another_site(self):
        for host in ("evil.example", f"127.0.0.1.evil.example:{self.server.port}", ""):
            with self.subTest(host):
                answer = self.ask(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n")
                self.assertEqual((answer.status, answer.code), (421, "host_refused"))
        answer = self.ask("GET /healthz HTTP/1.1\r\n\r\n")
        self.assertIn(answer.status, (400, 421))
        foreign = {"Origin": "http://evil.example"}
        answer = self.server.call("POST", "/sources/csv_desk/tokens", {}, headers=foreign)
        self.assert_problem(answer, 403, "origin_refused")

    def test_paths_that_climb_out_of_the_screens(self):
        folder = tempfile.mkdtemp(prefix="fansipan-web-", dir=self.server.data)
        web = os.path.join(folder, "web")
        os.makedirs(os.path.join(web, "assets"))
        for path, text in ((os.path.join(folder, "secret.html"), SECRET),
                           (os.path.join(web, ".hidden.html"), SECRET),
                           (os.path.join(web, "index.html"), "<p>screen</p>")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        server = harness.Server(harness.DESK, extra=["--web", web])
        self.addCleanup(server.remove)
        server.start()
        host = f"Host: 127.0.0.1:{server.port}\r\n"
        for path in ("/../secret.html", "/assets/../../secret.html", "/%2e%2e/secret.html",
                     "/..%2fsecret.html", "/..%5csecret.html", "/..\\secret.html",
                     "/%252e%252e/secret.html", "/%c0%ae%c0%ae/secret.html", "//secret.html",
                     "/./secret.html", "/assets/..;/../secret.html", "/.hidden.html",
                     f"/{folder}/secret.html", "/index.html%00", "/secret.html",
                     "/assets//../..//secret.html", "http://127.0.0.1/../secret.html"):
            with self.subTest(path):
                answer = server.exchange(f"GET {path} HTTP/1.1\r\n{host}\r\n".encode())
                self.assertNotIn(SECRET.encode(), answer.body)
                self.assertIn(answer.status, (400, 404), path)
        page = server.exchange(f"GET / HTTP/1.1\r\n{host}\r\n".encode())
        self.assertEqual((page.status, page.body), (200, b"<p>screen</p>"))
        self.assertIn("default-src 'self'", page.headers["content-security-policy"])

    def test_without_signing_in_only_the_public_routes_answer(self):
        routes = described_routes()
        self.assertGreater(len(routes), 30)
        for method, path, declared in routes:
            filled = (path.replace("{tree}", "territory").replace("{code}", "north")
                      .replace("{sequence}", "1").replace("{name}", "csv_desk")
                      .replace("{dataset}", "request").replace("{id}", "1"))
            # A name that does not exist gives nothing away either.
            for target in {filled, filled.replace("csv_desk", "invented")}:
                with self.subTest(method=method, path=target):
                    self.assert_closed(method, target, declared)

    def assert_closed(self, method, target, declared):
        body = "Content-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
        end = body if method == "POST" else "\r\n"
        answer = self.ask(f"{method} {target} HTTP/1.1\r\n{self.good_head}{end}")
        if declared == "[]":
            self.assertIn(answer.status, (200, 400, 401), answer.body)
        elif declared and "localSocket" in declared:
            self.assertEqual((answer.status, answer.code), (404, "unknown_route"), answer.body)
        else:
            self.assertEqual(answer.status, 401, answer.body)
            self.assertEqual(answer.headers["content-type"], "application/problem+json")

    def test_a_push_token_opens_its_own_source_and_nothing_else(self):
        token = {"Authorization": "Bearer " + self.token("csv_desk")}
        for method, path in (("GET", "/deliveries"), ("GET", "/center"), ("GET", "/metrics"),
                             ("GET", "/quarantine"), ("GET", "/sources/csv_desk/tokens"),
                             ("POST", "/sources/json_desk/heartbeat")):
            with self.subTest(path):
                answer = self.server.call(method, path, headers=token, signed_in=False)
                self.assertEqual(answer.status, 403, answer.body)
        for value in ("Bearer x", "Bearer ", "Basic eDp5", "Bearer " + "a" * 5000, "Bearer \xff"):
            with self.subTest(value[:20]):
                answer = self.server.call("POST", "/sources/csv_desk/heartbeat", signed_in=False,
                                          headers={"Authorization": value})
                self.assert_problem(answer, 401, "push_token_invalid")

    def test_a_cookie_alone_changes_nothing(self):
        saved, self.server.csrf = self.server.csrf, None
        self.addCleanup(setattr, self.server, "csrf", saved)
        answer = self.server.call("POST", "/sources/csv_desk/tokens", {})
        self.assert_problem(answer, 403, "csrf_token_missing")

    def test_what_is_not_there_is_told_with_what_is_near(self):
        for path, code, near in (
                ("/figures?indicator=all_request&period=2026", "unknown_indicator",
                 "all_requests"),
                ("/figures?indicator=all_requests&period=2026&unit=nroth", "unknown_unit", "north"),
                ("/figures?indicator=all_requests&period=2026&dimension=chanel",
                 "unknown_dimension", "channel"),
                ("/deliveries?source=csv_dsk", "unknown_source", "csv_desk"),
                ("/quarantine?dataset=reqest", "unknown_dataset", "request"),
                ("/center/datasets/reqest", "unknown_dataset", "request"),
                ("/panels/dsk", "unknown_panel", "desk")):
            with self.subTest(path):
                answer = self.server.get(path)
                self.assert_problem(answer, 404, code)
                self.assertIn(near, answer.json()["nearest"])
        for period in ("2026-13", "2026-02-30", "2026-W54", "last week", "2026-Q5", "-1", "2026-"):
            with self.subTest(period):
                answer = self.server.get("/figures", indicator="all_requests", period=period)
                self.assert_problem(answer, 404, "unknown_period")
                self.assertIn("2026-W48", answer.json()["detail"])

    def tearDown(self):
        self.assertIsNone(self.server.process.poll())
        self.assertEqual(self.server.call("GET", "/healthz").status, 200)


if __name__ == "__main__":
    harness.main(HostileRequests)
