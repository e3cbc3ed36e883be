"""A disk without room and a sync that fails, injected into the journal's file by strace."""

import os
import subprocess
import unittest

import harness
import permit_rows


class DiskFaults(unittest.TestCase):
    def setUp(self):
        probe = subprocess.run(["strace", "-f", "true"], capture_output=True, check=False)
        if probe.returncode != 0:
            raise unittest.SkipTest("strace cannot trace here")
        self.server = harness.Server(harness.PERMITS).start().sign_in()
        self.token = self.server.push_token("permit_log")

    def tearDown(self):
        self.server.remove()

    def push(self, number):
        return self.server.push("permit_log", self.token,
                                permit_rows.to_csv([permit_rows.row(number)]))

    def cases(self):
        return self.server.figure("all_cases", tree="organisation", period="2026")["value"]

    def inject(self, what):
        journal = os.path.join(self.server.data, "journal", "0000000000000001.fj")
        call = what.split(":")[0]
        tracer = subprocess.Popen(
            ["strace", "-f", "-p", str(self.server.process.pid), "-P", journal, "-e",
             f"trace={call}", "-e", "inject=" + what, "-o", "/dev/null"], stderr=subprocess.PIPE)
        tracer.stderr.readline()
        self.addCleanup(tracer.stderr.close)
        return tracer

    def test_a_full_disk_stops_intake_not_reading_and_intake_resumes_by_itself(self):
        self.assertEqual(self.push(1).status, 201)
        tracer = self.inject("write,pwrite64,writev:error=ENOSPC")
        refused = self.push(2)
        self.assertEqual(refused.status, 507)
        self.assertEqual(refused.headers["content-type"], "application/problem+json")
        self.assertEqual(self.cases(), "1")
        tracer.terminate()
        tracer.wait()
        self.assertEqual(self.push(3).status, 201)
        harness.wait_until(lambda: self.cases() == "2", "intake goes on")
        self.assertEqual(self.server.run("verify").returncode, 0)

    def test_a_failed_sync_stops_intake_and_says_so(self):
        self.assertEqual(self.push(1).status, 201)
        tracer = self.inject("fsync,fdatasync:error=EIO")
        self.assertEqual(self.push(2).status, 503)
        tracer.terminate()
        tracer.wait()
        refused = self.push(3)
        self.assertEqual((refused.status, refused.code), (503, "intake_stopped"))
        self.assertEqual(self.cases(), "1")
        self.server.stop()
        self.server.start().sign_in()
        self.assertEqual(self.push(4).status, 201)


if __name__ == "__main__":
    harness.main(DiskFaults)
