"""`fansipan up` with the sample center: every source that a simulated system feeds comes alive.

And what was sent once is not sent again by the next start, with the tokens of the first.
"""

import collections
import os
import signal
import subprocess
import unittest

import harness
import up_again_test

SECONDS_TO_LIVE = 600
TOKENS = "province.tokens"


class Province(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = up_again_test.Up(harness.LAOCAI)
        cls.addClassCleanup(cls.server.remove)
        cls.server.start().sign_in()
        cls.kept = os.path.join(cls.server.data, TOKENS)
        cls.simulator = cls.find_simulator()

    def setUp(self):
        if not self.simulator:
            self.skipTest("no simulated system feeds a source of the sample center")

    @classmethod
    def find_simulator(cls):
        """The process of the province's run; none when there is none within some seconds."""
        try:
            found, = harness.wait_until(
                lambda: up_again_test.children_of(cls.server.process.pid, b"province"),
                "the province's simulator", 5)
            return found
        except AssertionError:
            return None

    def sources(self):
        with open(self.kept, encoding="ascii") as file:
            return [line.split()[0] for line in file]

    def states(self):
        """Of the fed sources that are not live yet, by name."""
        fed = set(self.sources())
        return {source["name"]: source["state"] for source in self.server.get("/sources").json()["items"]
                if source["name"] in fed and source["state"] != "live"}

    def bodies(self):
        """How often each body came, by source."""
        return collections.Counter((each["source"], each["payload_sha256"])
                                   for each in self.server.deliveries().values()
                                   if each["source"] in self.sources())

    def wait_for_life(self):
        try:
            harness.wait_until(lambda: not self.states(), "every source is live", SECONDS_TO_LIVE)
        except AssertionError:
            self.fail(f"not live after {SECONDS_TO_LIVE} s: {self.states()}\n"
                      + self.server.log_text()[-3000:])

    def test_every_fed_source_comes_alive_and_a_second_start_doubles_nothing(self):
        self.assertEqual(os.stat(self.kept).st_mode & 0o077, 0)
        with open(self.kept, encoding="ascii") as file:
            tokens = file.read()
        self.wait_for_life()
        harness.wait_until(lambda: {source for source, _ in self.bodies()} == set(self.sources()),
                           "every source has sent something", SECONDS_TO_LIVE)

        self.assertEqual(self.server.end(signal.SIGTERM), 0)
        harness.wait_until(lambda: not up_again_test.is_alive(self.simulator),
                           "the simulator ends with its program")
        self.server.asked_port = self.server.port
        self.server.start().sign_in()
        self.wait_for_life()
        with open(self.kept, encoding="ascii") as file:
            self.assertEqual(file.read(), tokens)
        doubled = {body: count for body, count in self.bodies().items() if count > 1}
        self.assertEqual(doubled, {})

    def test_the_stories_are_told_without_a_center_running(self):
        told = subprocess.run([harness.PROGRAM, "simulate", "province", "--center", harness.LAOCAI,
                               "--stories"], capture_output=True, text=True, timeout=120, check=True)
        self.assertTrue(told.stdout.startswith("["), told.stdout[:200])


if __name__ == "__main__":
    harness.main(Province)
