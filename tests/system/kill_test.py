"""kill -9 during intake: what was acknowledged is there once, everything else wholly absent.

FANSIPAN_KILLS sets how often (default 30).
"""

import os
import random
import subprocess
import time
import unittest

import acknowledgements
import harness

KILLS = int(os.environ.get("FANSIPAN_KILLS", "30"))
CONTROL = os.environ.get("FANSIPAN_ACKNOWLEDGES_EARLY", "")


def kill_often(server, kills, seed):
    """Pushes and kills, over and over. Gives all that was wrong, and how much was acknowledged."""
    chance = random.Random(seed)
    wrong, acknowledged, first = [], 0, 0
    token = server.push_token("permit_log")
    everything = acknowledgements.Pusher(server, token)
    for _ in range(kills):
        pusher = acknowledgements.Pusher(server, token).start(first)
        time.sleep(chance.uniform(0.2, 2.0))
        server.kill()
        pusher.stop()
        first = pusher.next
        everything.acknowledged.update(pusher.acknowledged)
        everything.sent |= pusher.sent
        acknowledged += len(pusher.acknowledged)
        server.start().sign_in()
        wrong += acknowledgements.lost_or_doubled(server, everything)
        if wrong:
            break
    return wrong, acknowledged


class Kill(unittest.TestCase):
    def test_acknowledged_deliveries_survive_kills_at_random_moments(self):
        server = harness.Server(harness.PERMITS).start().sign_in()
        try:
            wrong, acknowledged = kill_often(server, KILLS, seed=7)
            self.assertEqual(wrong, [])
            self.assertGreaterEqual(acknowledged, KILLS)
            verified = server.run("verify")
            self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
            print(f"{KILLS} kills, {acknowledged} acknowledged deliveries, all there once; "
                  + verified.stdout.strip())
        finally:
            server.remove()

    @unittest.skipUnless(CONTROL, "the program that acknowledges before it writes is not built")
    def test_a_program_that_acknowledges_before_it_writes_is_caught(self):
        server = harness.Server(harness.PERMITS, program=CONTROL).start().sign_in()
        try:
            wrong, _ = kill_often(server, 40, seed=7)
            self.assertNotEqual(wrong, [])
            print("caught: " + wrong[0])
        finally:
            server.remove()


class KillAtChosenWrites(unittest.TestCase):
    """strace ends the process at the n-th write or sync of the journal."""

    @classmethod
    def setUpClass(cls):
        probe = subprocess.run(["strace", "-f", "true"], capture_output=True, check=False)
        if probe.returncode != 0:
            raise unittest.SkipTest("strace cannot trace here")

    def end_at(self, call, nth):
        server = harness.Server(harness.PERMITS)
        try:
            server.start().sign_in()
            token = server.push_token("permit_log")
            journal = os.path.join(server.data, "journal", "0000000000000001.fj")
            tracer = subprocess.Popen(
                ["strace", "-f", "-p", str(server.process.pid), "-P", journal, "-e",
                 f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={nth}", "-o",
                 "/dev/null"], stderr=subprocess.PIPE)
            tracer.stderr.readline()
            pusher = acknowledgements.Pusher(server, token).start(0)
            harness.wait_until(lambda: server.process.poll() is not None,
                               f"{call} number {nth} ends the program", 60)
            pusher.stop()
            tracer.wait(30)
            server.log.close()
            server.start().sign_in()
            self.assertEqual(acknowledgements.lost_or_doubled(server, pusher), [])
            self.assertEqual(server.run("verify").returncode, 0)
        finally:
            server.remove()

    def test_at_writes_of_the_journal(self):
        for nth in (1, 2, 5):
            with self.subTest(write=nth):
                self.end_at("write,pwrite64,writev", nth)

    def test_at_syncs_of_the_journal(self):
        for nth in (1, 3):
            with self.subTest(sync=nth):
                self.end_at("fsync,fdatasync", nth)


if __name__ == "__main__":
    harness.main(Kill, KillAtChosenWrites)
