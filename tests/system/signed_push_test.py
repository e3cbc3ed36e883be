"""A source that signs what it pushes: what is forged, old, sent again or not signed changes nothing."""

import gzip
import hashlib
import hmac
import os
import subprocess
import time
import unittest

import harness
import permit_rows

SECRET = "push-secret-4711"


def sign(body, secret=SECRET, key="", at=None, purpose="permit_log/deliveries"):
    """The two headers, as any program would make them."""
    stamp = str(int(time.time()) if at is None else at)
    text = f"{purpose}\n{stamp}\n{key}\n".encode() + body
    return {"X-Signature-Timestamp": stamp,
            "X-Signature-256": "sha256=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}


class SignedPush(unittest.TestCase):
    def setUp(self):
        center = harness.copied_center(self, harness.PERMITS)
        path = os.path.join(center, "systems", "permits", "sources.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("    format: csv\n",
                                    "    push: {signed: {secret: push_secret, tolerance: 1m}}\n"
                                    "    format: csv\n", 1))
        self.server = harness.Server(center).start()
        self.addCleanup(self.server.remove)
        self.server.sign_in()
        self.token = self.server.push_token("permit_log")

    def set_secret(self):
        made = subprocess.run([self.server.program, "--data", self.server.data, "secret", "set",
                               "push_secret"], input=SECRET + "\n", text=True, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)

    def push(self, body, headers, token=None, path="deliveries"):
        sent = {"Content-Type": "text/csv", **headers}
        if token != "":
            sent["Authorization"] = "Bearer " + (token or self.token)
        return self.server.call("POST", f"/sources/permit_log/{path}", body, sent, signed_in=False)

    def refused(self, body, headers, **options):
        """The code of a refusal, which left nothing behind."""
        before = (self.server.stored_files(), len(self.server.deliveries()))
        answer = self.push(body, headers, **options)
        self.assertEqual((self.server.stored_files(), len(self.server.deliveries())), before)
        return answer.status, answer.code

    def test_what_is_signed_is_taken_once(self):
        self.set_secret()
        body = permit_rows.to_csv([permit_rows.row(1)])
        headers = sign(body)
        first = self.push(body, headers)
        self.assertEqual(first.status, 201, first.body)
        # Overheard and sent again: a repeat, under whatever key.
        again = self.push(body, headers)
        self.assertEqual((again.status, again.json()["sequence"]), (200, first.json()["sequence"]))
        self.assertEqual(self.refused(body, {**headers, "Idempotency-Key": "k-1"}),
                         (401, "signature_wrong"))
        self.assertEqual(len(self.server.deliveries()), 1)
        packed = gzip.compress(permit_rows.to_csv([permit_rows.row(2)]))
        taken = self.push(packed, {**sign(packed, key="k-2"), "Idempotency-Key": "k-2",
                                   "Content-Encoding": "gzip"})
        self.assertEqual(taken.status, 201, taken.body)

    def test_what_is_forged_old_or_not_signed_is_refused(self):
        self.set_secret()
        body = permit_rows.to_csv([permit_rows.row(1)])
        good = sign(body)
        wrong = (401, "signature_wrong")
        missing = (401, "signature_missing")
        self.assertEqual(self.refused(body, {}), missing)
        self.assertEqual(self.refused(body, {"X-Signature-256": good["X-Signature-256"]}), missing)
        self.assertEqual(self.refused(body + b"\n", good), wrong)
        self.assertEqual(self.refused(b"", good), wrong)
        self.assertEqual(self.refused(body, sign(body, "another secret")), wrong)
        self.assertEqual(self.refused(body, sign(body, "")), wrong)
        later = str(int(good["X-Signature-Timestamp"]) + 1)
        self.assertEqual(self.refused(body, {**good, "X-Signature-Timestamp": later}), wrong)
        for text in ("sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "x" * 4000,
                     good["X-Signature-256"].upper()):
            self.assertEqual(self.refused(body, {**good, "X-Signature-256": text}), wrong, text)
        for seconds in (-3600, -90, 90, 3600):
            self.assertEqual(self.refused(body, sign(body, at=int(time.time()) + seconds)),
                             (401, "signature_too_old"), seconds)
        # Meant for another source that signs with the same secret, or for something else.
        for purpose in ("permits/deliveries", "permit_log/heartbeat", "permit_log", ""):
            self.assertEqual(self.refused(body, sign(body, purpose=purpose)), wrong, purpose)
        # Not even the type of a body that is not signed is looked at.
        self.assertEqual(self.refused(body, {"Content-Type": "application/pdf"}), missing)

    def test_the_token_is_asked_for_all_the_same(self):
        self.set_secret()
        body = permit_rows.to_csv([permit_rows.row(1)])
        self.assertEqual(self.refused(body, sign(body), token="")[0], 401)
        self.assertEqual(self.refused(body, sign(body), token="no token of ours")[0], 401)

    def test_a_sign_of_life_is_signed_too(self):
        self.set_secret()
        self.assertEqual(self.push(b"", {}, path="heartbeat").code, "signature_missing")
        now = int(time.time())
        headers = sign(b"", at=now, purpose="permit_log/heartbeat")
        self.assertEqual(self.push(b"", headers, path="heartbeat").status, 204)
        # Overheard and sent again, it does not make a dead source look alive.
        again = self.push(b"", headers, path="heartbeat")
        self.assertEqual((again.status, again.code), (401, "signature_used"))
        anew = sign(b"", at=now + 1, purpose="permit_log/heartbeat")
        self.assertEqual(self.push(b"", anew, path="heartbeat").status, 204)

    def test_what_was_refused_is_not_taken_later(self):
        self.set_secret()
        body = permit_rows.to_csv([permit_rows.row(1)])
        headers = sign(body)
        paused = self.server.call("PUT", "/sources/permit_log/pause", {"reason": "đang đối soát"})
        self.assertEqual(paused.status, 204, paused.body)
        self.assertEqual(self.refused(body, headers), (503, "source_paused"))
        resumed = self.server.call("DELETE", "/sources/permit_log/pause")
        self.assertEqual(resumed.status, 204, resumed.body)
        self.assertEqual(self.refused(body, headers), (401, "signature_used"))
        anew = self.push(body, sign(body, at=int(time.time()) + 1))
        self.assertEqual(anew.status, 201, anew.body)

    def test_without_the_secret_nothing_is_taken(self):
        body = permit_rows.to_csv([permit_rows.row(1)])
        for headers in ({}, sign(body), sign(body, "")):
            self.assertEqual(self.refused(body, headers), (503, "secret_missing"))
        check = self.server.run("check", self.server.center)
        self.assertIn("push_secret", check.stdout)
        self.set_secret()
        self.assertEqual(self.push(body, sign(body)).status, 201)


if __name__ == "__main__":
    harness.main(SignedPush)
