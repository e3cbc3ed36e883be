"""Twenty REST sources of which five misbehave: the other fifteen keep their freshness."""

import collections
import os
import shutil
import subprocess
import threading
import unittest

import harness
import registry

GOOD = 15
FIRST = 40  # records that each good source has at the start
NOT_FRESH = {"never", "late", "silent", "failing"}
GROWTH = 20  # records that each gets while its neighbours misbehave


def circle(request):
    """To itself, for ever."""
    request.send_response(302)
    request.send_header("Location", request.path)
    request.send_header("Content-Length", "0")
    request.end_headers()


def short_of_its_length(request):
    """Promises more than it sends, and hangs up."""
    body = b'{"items": [], "next": null}'
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body) + 1_000))
    request.end_headers()
    request.wfile.write(body)
    request.close_connection = True


FAULTS = {
    "page_for_people": (registry.page_for_people, "wrong_media_type"),
    "trickle": (registry.trickle, "source_timeout"),
    "endless": (registry.endless, "answer_too_large"),
    "circle": (circle, "redirect_not_followed"),
    "short_of_its_length": (short_of_its_length, "answer_cut_off"),
}


def declaration(name, port):
    text = registry.SOURCES.format(port=port, every="1s").split("\n", 1)[1]
    text = text.replace("permit_log", name).replace("timeout: 20s", "timeout: 2s")
    text = text.replace("sign_in: {by: bearer",
                        "same_origin_redirects: true\n      sign_in: {by: bearer")
    return text.replace("silent_after: 1h", "silent_after: 30s") + "    limits: {payload: 1MB}\n"


class TwentySources(unittest.TestCase):
    def registry(self, fault=None):
        source = registry.Registry(0 if fault else FIRST)
        source.fault = fault
        self.addCleanup(source.close)
        return source

    def serve(self, sources):
        center = harness.copied_center(self, harness.PERMITS)
        system = os.path.join(center, "systems", "permits")
        shutil.rmtree(os.path.join(system, "tests"), ignore_errors=True)
        with open(os.path.join(system, "sources.yaml"), "w", encoding="utf-8") as file:
            file.write("sources:\n")
            for name, source in sources.items():
                file.write(declaration(name, source.port))
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        made = subprocess.run([server.program, "--data", server.data, "secret", "set",
                               "registry_token"], input=registry.TOKEN + "\n", text=True,
                              timeout=60, capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        return server.sign_in()

    def items(self, server):
        return {item["name"]: item for item in server.get("/sources").json()["items"]}

    def test_five_that_misbehave_cost_fifteen_nothing(self):
        good = {f"good_{number:02}": self.registry() for number in range(GOOD)}
        bad = {name: self.registry(fault) for name, (fault, _) in FAULTS.items()}
        server = self.serve({**good, **bad})
        harness.wait_until(lambda: all(self.items(server)[name]["connection"]["failures"] >= 2
                                       for name in bad), "all five fail again and again", 120)
        reasons = {name: self.items(server)[name]["connection"]["reason"] for name in bad}
        self.assertEqual(reasons, {name: reason for name, (_, reason) in FAULTS.items()})

        states = self.watch(server, good)
        for step in range(GROWTH):
            asked = {name: len(source.asked) for name, source in good.items()}
            for source in good.values():
                source.records += 1
            # Each is asked again while its neighbours go on as they do.
            harness.wait_until(lambda before=asked: all(len(source.asked) > before[name]
                                                        for name, source in good.items()),
                               f"all good ones were asked a time more ({step})", 30)
        self.wait_until_all_is_here(server, good)
        seen = states()
        self.assertEqual(set(seen), set(good))
        self.assertEqual({name: set(found) & NOT_FRESH for name, found in seen.items()},
                         {name: set() for name in good})
        self.assertEqual({d["source"] for d in server.deliveries().values()}, set(good))
        self.assertLess(server.memory(), 1_500_000_000)
        verified = server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def wait_until_all_is_here(self, server, good):
        def rows():
            found = collections.Counter()
            for delivery in server.deliveries().values():
                found[delivery["source"]] += delivery["counts"]["raw_rows"]
            return found
        wanted = {name: FIRST + GROWTH for name in good}
        harness.wait_until(lambda: rows() == wanted, "every record of the good ones is here", 60)

    def watch(self, server, good):
        """Looks at the states until the function it gives is called, which tells what was seen."""
        seen = collections.defaultdict(collections.Counter)
        enough = threading.Event()

        def look():
            while not enough.is_set():
                for name, item in self.items(server).items():
                    if name in good:
                        seen[name][item["state"]] += 1
                enough.wait(0.5)

        thread = threading.Thread(target=look)
        thread.start()

        def end():
            enough.set()
            thread.join()
            return seen
        self.addCleanup(enough.set)
        return end


if __name__ == "__main__":
    harness.main(TwentySources)
