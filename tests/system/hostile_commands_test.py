"""Commands used wrongly: each ends with a message for a person and the right exit status.

1: what was asked for is wrong or failed. 2: the command line is wrong.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import unittest

import desk
import harness

TRACES = ("terminate called", "what():", "Sanitizer", "runtime error:", "Assertion", "    #0 ")
SECONDS = 60
NOT_UTF8 = b"\xff\xfe"
NAMELESS = "999999999999999999999"


class HostileCommands(unittest.TestCase):
    """One server for the class; what is refused must leave it as it was."""

    @classmethod
    def setUpClass(cls):
        cls.server = harness.Server(harness.DESK)
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()
        cls.folder = tempfile.mkdtemp(prefix="fansipan-commands-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.token_file = cls.write("token", cls.server.run("token", "csv_desk").stdout.encode())
        with open(cls.token_file, encoding="ascii") as file:
            cls.server.push("csv_desk", file.read().strip(), desk.to_csv([desk.row(1)]))
        cls.before = cls.state()
        if "Requests: 1 request\n" not in cls.before[1]:
            raise AssertionError(cls.before[1])

    @classmethod
    def state(cls):
        return [cls.server.run(*command).stdout for command in
                (("deliveries",), ("figure", "all_requests", "--period", "2026-03"))]

    @classmethod
    def write(cls, name, content):
        with open(os.path.join(cls.folder, name), "wb") as file:
            file.write(content)
        return file.name

    def tearDown(self):
        self.assertIsNone(self.server.process.poll())

    @classmethod
    def tearDownClass(cls):
        def lasting(texts):
            return [line for text in texts for line in text.splitlines()
                    if "snapshot" not in line and "fresh within" not in line]
        if lasting(cls.state()) != lasting(cls.before):
            raise AssertionError("what was refused changed something")

    def fails(self, status, words, *arguments, data=None, wrap=()):
        """Runs it, holds it to the status, and the words to one of its lines."""
        command = [*wrap, harness.PROGRAM, "--data", data or self.server.data, *arguments]
        with self.subTest(arguments):
            result = subprocess.run(command, timeout=SECONDS, capture_output=True, text=True,
                                    errors="backslashreplace", cwd=harness.ROOT, check=False)
            said = result.stdout + result.stderr
            self.assertEqual(result.returncode, status, said)
            self.assertIn(words, said)
            self.assertEqual([trace for trace in TRACES if trace in said], [], said)

    def test_a_command_line_that_is_wrong(self):
        for arguments, words in (
                ((), "subcommand"), (("nonsense",), "subcommand"), (("workers", "now"), "subcommand"),
                (("figure",), "indicator is required"), (("token",), "source is required"),
                (("replay",), "delivery is required"), (("check",), "folder is required"),
                (("simulate", "public_services"), "--token-file is required"),
                (("status", "extra"), "extra"), (("figure", "all_requests", "--prt", "1"), "--prt"),
                (("figure", "all_requests", "--period"), "--period"),
                (("serve", "--port", "x"), "--port"), (("serve", "--port", "70000"), "--port"),
                (("serve", "--port", "-1"), "--port"), (("up", "--port", "1e3"), "--port"),
                (("status", "--data", "twice"), "--data")):
            self.fails(2, words, *arguments)

    def test_what_is_asked_for_is_wrong(self):
        of_2026 = ("--period", "2026")
        for arguments, words in (
                (("figure", "all_requests"), "period"),
                (("figure", "all_requests", "--period", "2026-13"), "'2026-13' is not a period"),
                (("figure", "all_requests", *of_2026, "--as-of", "yesterday"), "as_of"),
                (("figure", "all_requests", *of_2026, "--as-of", "2026-02-30T00:00:00Z"), "as_of"),
                (("figure", "all_requests", *of_2026, "--tree", "x"), "territory or organisation"),
                (("figure", "../../etc/passwd", *of_2026), "there is no indicator"),
                (("figure", "a" * 100_000, *of_2026), "too large"),
                (("figure", "all_requests\n", *of_2026), "cannot be read"),
                (("figure", NOT_UTF8, *of_2026), "UTF-8"),
                (("explain",), "indicator"), (("explain", "--version", "x"), "not a sequence"),
                (("explain", "--version", NAMELESS), "not a sequence"),
                (("explain", "--version", "77"), "there is no version 77"),
                (("explain", "--measure", "requests", *of_2026, "--cursor", "zz"), "cursor"),
                (("deliveries", "--cursor", "-1"), "cursor"),
                (("quarantine", "--delivery", "x"), "delivery"),
                (("quarantine", "--open", "maybe"), "true or false"),
                (("replay", "77"), "there is no delivery 77"),
                (("replay", NAMELESS), "not a sequence"), (("replay", "-1"), "not a sequence"),
                (("token", "../csv_desk"), "nothing at this path"),
                (("token", "csv_desk", "--label", "x" * 100_000), "at most 65536 bytes")):
            self.fails(1, words, *arguments)

    def test_text_that_is_not_utf8_and_folders_without_a_name(self):
        # A label may be kept otherwise than it was typed.
        self.fails(0, "fst_", "token", "csv_desk", "--label", NOT_UTF8)
        self.fails(1, "folder that can be read", "check", NOT_UTF8)
        self.fails(1, "folder that can be read", "--json", "check", NOT_UTF8)
        for command in ("plan", "apply"):
            self.fails(1, "folder that can be read", command, NOT_UTF8)
            self.fails(1, "folder that can be read", command, "")
        self.fails(1, "no_server", "--json", "status", data=os.fsencode(self.folder) + NOT_UTF8)

    def test_folders_that_are_no_center(self):
        empty = os.path.join(self.folder, "empty")
        os.mkdir(empty)
        for command in ("check", "plan", "apply", "test"):
            for folder, words in (("/nothing/here", "folder that can be read"),
                                  (self.token_file, "folder that can be read"),
                                  (empty, "center.yaml:1:1: the file is missing")):
                self.fails(1, words, command, folder)
        self.fails(1, "0 passed, 0 failed, 0 skipped", "test", harness.DESK)

    def test_no_server_runs_there(self):
        nowhere = os.path.join(self.folder, "nowhere")
        for arguments in (("figure", "x"), ("explain", "x"), ("deliveries",), ("quarantine",),
                          ("quarantine", "--csv"), ("replay", "1"), ("plan", harness.DESK),
                          ("apply", harness.DESK), ("status",), ("token", "x"), ("verify",)):
            for data in (nowhere, self.token_file):
                self.fails(1, f"fansipan: no server answers at {data}/fansipan.sock", *arguments,
                           data=data)
        self.fails(1, '"no_server"', "--json", "status", data=nowhere)
        self.assertFalse(os.path.exists(nowhere))

    def test_a_socket_of_a_server_that_is_gone(self):
        data = tempfile.mkdtemp(dir=self.folder)
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(data + "/fansipan.sock")
        self.fails(1, "no server answers", "status", data=data)

    def test_places_that_cannot_be_served_from(self):
        for data, words in ((self.token_file, "File exists"),
                            (self.token_file + "/under", "Not a directory"),
                            ("/proc/nothing", "No such file"),
                            (self.folder + "/" + "d" * 200, "too long"),
                            (self.folder + "/" + "d" * 300, "too long")):
            for command in ("serve", "up"):
                self.fails(1, words, command, "--center", harness.DESK, "--port", "0", data=data)

    def test_a_data_folder_that_may_not_be_written(self):
        data = tempfile.mkdtemp(dir=self.folder)
        os.chmod(data, 0o500)
        self.addCleanup(os.chmod, data, 0o700)
        wrap = ()
        if os.geteuid() == 0:  # whom no mode stops, unless that right is taken away
            wrap = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
        for place in (data, data + "/new"):
            self.fails(1, "Permission denied", "serve", "--center", harness.DESK, "--port", "0",
                       data=place, wrap=wrap)

    def test_a_port_and_a_data_folder_that_others_use(self):
        taken = str(self.server.port)
        for command in ("serve", "up"):
            self.fails(1, f"127.0.0.1:{taken}: Address already in use", command, "--center",
                       harness.DESK, "--port", taken, data=os.path.join(self.folder, command))
            self.fails(1, f"another process ({self.server.process.pid}) holds", command, "--center",
                       harness.DESK, "--port", "0")

    def test_files_that_a_server_needs_and_that_are_missing(self):
        def new():
            return tempfile.mkdtemp(dir=self.folder)
        self.fails(1, "no center has run", "serve", "--port", "0", data=new())
        self.fails(1, "folder that can be read", "serve", "--center", "/nothing", "--port", "0",
                   data=new())
        for option in ("--web", "--api-description"):
            self.fails(1, "'/nothing'", "serve", "--center", harness.DESK, "--port", "0", option,
                       "/nothing", data=new())

    def test_simulations_that_cannot_begin(self):
        here = ("--url", f"http://127.0.0.1:{self.server.port}")
        for system, token, options, words in (
                ("hospital", self.token_file, (), "there is: public_services"),
                ("public_services", "/nothing", (), "cannot open '/nothing'"),
                ("public_services", self.folder, (), "Is a directory"),
                ("public_services", self.write("no_token", b""), here, "is empty; put the secret into it"),
                ("public_services", self.write("bytes", NOT_UTF8), here, "no token has"),
                ("public_services", self.write("big", b"x" * 10_000), here, "10000 bytes"),
                ("public_services", self.write("wrong", b"fst_wrong"), here + (
                    "--source", "csv_desk"), "push token is wrong"),
                ("public_services", self.token_file, here, "case_system"),
                ("public_services", self.token_file, here + ("--source", "json_desk"), "403"),
                ("public_services", self.token_file, here + ("--center", "/nothing"), "/nothing/"),
                ("public_services", self.token_file, ("--url", "http://example.org"),
                 "--allow-remote"),
                ("public_services", self.token_file, ("--url", "here"), "--url here"),
                ("public_services", self.token_file, ("--history", "60"), "no span of time"),
                ("public_services", self.token_file, ("--history", "-1d"), "no span of time"),
                ("public_services", self.token_file, ("--rate", "nan"), "--rate nan"),
                ("public_services", self.token_file, ("--bad", "2"), "--bad 2"),
                ("public_services", self.token_file, ("--speed", "1e9"), "--speed"),
                ("public_services", self.token_file, ("--source", "A b"), "--source 'A b'")):
            self.fails(1, words, "simulate", system, "--token-file", token, *options)

    def test_a_simulation_without_a_server_says_so_and_ends_when_told(self):
        command = [harness.PROGRAM, "simulate", "public_services", "--token-file", self.token_file,
                   "--url", "http://127.0.0.1:1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              cwd=harness.ROOT) as simulator:
            said = [simulator.stderr.readline(), simulator.stderr.readline()]
            self.assertIn("http://127.0.0.1:1 does not answer", said[1])
            self.assertIn("trying again", said[1])
            simulator.terminate()
            self.assertEqual(simulator.wait(SECONDS), 0)


if __name__ == "__main__":
    harness.main(HostileCommands)
