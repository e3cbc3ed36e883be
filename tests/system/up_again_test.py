"""`fansipan up` ended in every way and started again on the same data folder.

What was known at a moment before the end is the same after it, the simulated system goes on
where it was and doubles nothing, and nothing of an ended program is left behind.
"""

import json
import os
import re
import signal
import subprocess
import time
import unittest

import harness

SECONDS_TO_BE_UP = 10
ALL_CASES = ("received_cases", "open_cases", "fees_collected", "longest_processing_time")


def children_of(process):
    """Process ids of the direct children that run `simulate`."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as stat:
                parent = int(stat.read().rsplit(")", 1)[1].split()[1])
            with open(f"/proc/{name}/cmdline", "rb") as line:
                words = line.read().split(b"\0")
        except OSError:
            continue
        if parent == process and b"simulate" in words:
            found.append(int(name))
    return found


SECONDS_WITHOUT_NEWS = 5


def is_alive(process):
    """A zombie that its parent has not waited for is not."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


class Up(harness.Server):
    """The whole program as a person starts it; `end` reaches it alone, not its process group."""

    def __init__(self, center, data=None):
        super().__init__(center, data, extra=("--api-description", os.path.join(
            harness.ROOT, "schemas", "openapi.yaml")))
        self.command = "up"
        self.simulators = []

    def start(self):
        self.lines.clear()
        self.link = None
        began = time.monotonic()
        super().start()
        self.seconds = time.monotonic() - began
        if self.command == "up":
            simulator, = harness.wait_until(lambda: children_of(self.process.pid), "the simulator")
            self.simulators.append(simulator)
        return self

    def end(self, number):
        self.process.send_signal(number)
        status = self.process.wait(60)
        self.log.close()
        return status

    def remove(self):
        for simulator in filter(is_alive, self.simulators):
            os.kill(simulator, signal.SIGKILL)
        super().remove()

    def told(self, *arguments):
        result = self.run("--json", *arguments)
        if result.returncode != 0:
            raise AssertionError(result.stdout + result.stderr)
        return json.loads(result.stdout)

    def listed(self):
        """Every delivery, oldest first."""
        found, cursor = [], ()
        while True:
            page = self.told("deliveries", *cursor)
            found += page["items"]
            if not page["next"]:
                return sorted(found, key=lambda delivery: delivery["sequence"])
            cursor = ("--cursor", page["next"])

    def figures(self, *options):
        return {(indicator, year): self.told("figure", indicator, "--period", year,
                                             *options)["figures"][0]["value"]
                for indicator in ALL_CASES for year in self.years()}

    def years(self):
        """The years that a history of sixty days can lie in."""
        return [str(time.gmtime().tm_year + more) for more in (-1, 0)]

    def cases_in_payloads(self):
        """Numbers of the cases that the archived deliveries tell of, without spoiled rows."""
        numbers, spoiled = set(), self.spoiled_rows()
        for delivery in self.listed():
            if delivery["source"] == "center":  # what clocks say anew of cases: nothing was sent
                continue
            payload = self.call("GET", f"/deliveries/{delivery['sequence']}/payload").body
            numbers |= {json.loads(line)["maHoSo"] for row, line in enumerate(payload.splitlines(), 1)
                        if (delivery["sequence"], row) not in spoiled}
        return numbers

    def spoiled_rows(self):
        lines = self.run("quarantine", "--csv").stdout.splitlines()[1:]
        return {(int(fields[1]), int(fields[4])) for fields in (line.split(",") for line in lines)}


class UpAgain(unittest.TestCase):
    def setUp(self):
        self.server = Up(harness.LAOCAI)
        self.addCleanup(self.server.remove)
        self.server.start()

    def wait_for_deliveries(self, count):
        """Or until the history is sent, which is soon: what comes then comes in office hours."""
        seen = {"count": 0, "since": time.monotonic()}

        def enough():
            found = len(self.server.listed())
            if found != seen["count"]:
                seen.update(count=found, since=time.monotonic())
            quiet = time.monotonic() - seen["since"]
            return found >= count or (found > 0 and quiet > SECONDS_WITHOUT_NEWS)
        harness.wait_until(enough, f"{count} deliveries", 60)

    def start_again(self):
        self.server.asked_port = self.server.port
        self.server.start()
        self.assertLess(self.server.seconds, SECONDS_TO_BE_UP)

    def assert_nothing_doubled(self):
        """Without its simulator the center stands still: what it tells is what it was sent."""
        self.server.command = "serve"
        self.start_again()
        self.server.sign_in()
        deliveries = self.server.listed()
        bodies = [delivery["payload_sha256"] for delivery in deliveries]
        self.assertEqual(len(bodies), len(set(bodies)))
        cases = self.server.cases_in_payloads()
        self.assertGreater(len(cases), 100)
        received = sum(int(value or 0) for (indicator, _), value in self.server.figures().items()
                       if indicator == "received_cases")
        self.assertEqual(received, len(cases))
        spoiled = sum(delivery["counts"]["quarantined"] for delivery in deliveries)
        self.assertEqual(len(self.server.spoiled_rows()), spoiled)

    def test_ended_and_started_again_it_goes_on_where_it_was(self):
        links = [self.server.link]
        self.assertTrue(links[0], "a set-up link, while there is no administrator")
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGINT):
            with self.subTest(signal=number.name):
                before = self.server.listed()
                self.wait_for_deliveries(len(before) + 3)
                before = self.server.listed()
                moment = before[-1]["recorded_at"]
                figures = self.server.figures("--as-of", moment)
                self.assertTrue(any(figures.values()), figures)
                simulator = self.server.simulators[-1]
                status = self.server.end(number)
                self.assertEqual(status, -number if number == signal.SIGKILL else 0)
                harness.wait_until(lambda ended=simulator: not is_alive(ended),
                                   "the simulator ends with its program")
                self.start_again()
                links.append(self.server.link)
                self.assertEqual(self.server.figures("--as-of", moment), figures)
                self.assertEqual(self.server.listed()[:len(before)], before)
        self.assertEqual(len(links), len(set(links)), "each start makes a link of its own")
        self.wait_for_deliveries(len(self.server.listed()) + 2)
        self.assertEqual(self.server.end(signal.SIGTERM), 0)
        self.assert_nothing_doubled()

    def test_the_set_up_link_is_gone_once_there_is_an_administrator(self):
        self.server.sign_in()
        for number in (signal.SIGTERM, signal.SIGKILL):
            self.server.end(number)
            harness.wait_until(lambda: not is_alive(self.server.simulators[-1]), "its simulator")
            self.start_again()
            self.assertNotIn("set-up", "".join(self.server.lines))
            self.assertIsNone(self.server.link)
            self.server.sign_in()

    def test_the_token_of_the_simulator_is_made_once_and_is_for_its_owner_alone(self):
        path = os.path.join(self.server.data, "simulator.token")
        with open(path, encoding="ascii") as file:
            token = file.read()
        self.assertEqual(os.stat(path).st_mode & 0o077, 0)
        self.server.end(signal.SIGTERM)
        self.start_again()
        with open(path, encoding="ascii") as file:
            self.assertEqual(file.read(), token)
        self.wait_for_deliveries(1)

    def test_without_the_center_s_folder_it_says_what_the_simulator_needs(self):
        self.server.end(signal.SIGTERM)
        result = self.server.run("up", "--port", "0", timeout=60)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertRegex(result.stderr, r"(?m)^fansipan: .*--center")

    def test_a_second_one_on_the_same_data_is_refused_and_disturbs_nothing(self):
        for command in ("up", "serve"):
            second = self.server.run(command, "--center", harness.LAOCAI, "--port", "0",
                                     timeout=60)
            self.assertEqual(second.returncode, 1, second.stdout)
            self.assertRegex(second.stderr,
                             rf"^fansipan: another process \({self.server.process.pid}\) ")
            self.assertEqual(second.stdout, "")
        self.assertTrue(self.server.told("status")["ready"])
        self.wait_for_deliveries(len(self.server.listed()) + 1)


class SimulatedAgain(unittest.TestCase):
    """`fansipan simulate`, twice, against a center that stands still otherwise."""

    def setUp(self):
        self.server = Up(harness.LAOCAI)
        self.server.command = "serve"
        self.addCleanup(self.server.remove)
        self.server.start().sign_in()
        self.token_file = self.server.data + "/a.token"
        with open(self.token_file, "w", encoding="ascii") as file:
            file.write(self.server.run("token", "case_system").stdout)

    def simulate(self, *options):
        """The last counts it prints. It is ended at a heartbeat: then its history is sent."""
        command = [self.server.program, "--json", "simulate", "public_services", "--center",
                   harness.LAOCAI, "--url", f"http://127.0.0.1:{self.server.port}", "--token-file",
                   self.token_file, "--cases-per-day", "60", "--heartbeat", "1s", *options]
        deadline = time.monotonic() + 120
        with open(self.server.data + ".log", "ab") as log, subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True) as simulator:
            while not json.loads(simulator.stdout.readline())["heartbeats"]:
                self.assertLess(time.monotonic(), deadline)
            simulator.terminate()
            counts = json.loads(simulator.stdout.read().splitlines()[-1])
        self.assertEqual(simulator.returncode, 0)
        return counts

    def received(self):
        return sum(int(value or 0) for (indicator, _), value in self.server.figures().items()
                   if indicator == "received_cases")

    def sums(self):
        deliveries = [delivery["counts"] for delivery in self.server.listed()]
        return {name: sum(counts[name] for counts in deliveries)
                for name in ("accepted", "repeated", "in_conflict", "quarantined")}

    def test_it_counts_what_the_center_counts_and_doubles_nothing(self):
        first = self.simulate("--history", "8d")
        cases = self.server.cases_in_payloads()
        self.assertGreater(len(cases), 50)
        self.assertEqual(self.received(), len(cases))
        self.assertEqual({name: first[name] for name in self.sums()}, self.sums())
        self.assertEqual(first["sent"], sum(self.sums().values()))
        self.assertEqual(first["deliveries"], len(self.server.listed()))

        again = self.simulate("--history", "8d")
        self.assertGreater(again["known"], 0)
        self.assert_no_case_is_new(cases)

        later = self.simulate("--history", "7d")
        self.assertGreater(later["repeated"], 0)
        self.assert_no_case_is_new(cases)

    def assert_no_case_is_new(self, cases):
        """Of the history, that is: what comes in office hours while the test runs may be."""
        told = self.server.cases_in_payloads()
        self.assertLessEqual(cases, told)
        self.assertLess(len(told) - len(cases), 10)
        self.assertEqual(self.received(), len(told))

    def test_it_ends_for_good_with_a_token_that_is_wrong(self):
        with open(self.token_file, "w", encoding="ascii") as file:
            file.write("fst_wrong")
        result = self.server.run("simulate", "public_services", "--center", harness.LAOCAI, "--url",
                                 f"http://127.0.0.1:{self.server.port}", "--token-file",
                                 self.token_file)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertRegex(result.stderr, r"fansipan: .*401.*push token is wrong")
        self.assertEqual(self.server.listed(), [])
        self.assertTrue(re.search(r"accepted 0,", result.stdout))


if __name__ == "__main__":
    harness.main(UpAgain, SimulatedAgain)
