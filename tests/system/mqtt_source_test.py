"""A sensor network over MQTT: center and broker are stopped in mid-flight, and nothing is lost or counted twice."""

import json
import os
import shutil
import ssl
import subprocess
import tempfile
import unittest

import broker as mosquitto
import harness

READINGS = 600
KILLS = int(os.environ.get("FANSIPAN_MQTT_KILLS", "4"))


def reading(number):
    """Topic and payload of one; each has a moment of its own."""
    moment = f"2026-03-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00Z"
    payload = {"commune": "upper" if number % 2 else "lower", "measured_at": moment,
               "value": f"{number % 40}.5", "unit": "mm"}
    return f"province/station-{number % 7}/rain", json.dumps(payload).encode()


def totals(server):
    """What became of all rows so far."""
    found = dict.fromkeys(("raw_rows", "refused", "accepted", "repeated", "in_conflict", "quarantined"), 0)
    for delivery in server.deliveries().values():
        for name in found:
            found[name] += delivery["counts"][name]
    return found


class MqttSource(unittest.TestCase):
    def make_broker(self, **options):
        made = mosquitto.Broker(**options)
        self.addCleanup(made.remove)
        return made

    def serve(self, port, *changes):
        """`changes`: pairs of text in the source's declaration and what takes its place."""
        center = harness.copied_center(self, harness.SENSORS)
        path = os.path.join(center, "systems", "sensors", "sources.yaml")
        with open(path, encoding="utf-8") as file:
            declared = file.read().replace("1883", str(port)).replace("heartbeat: 1m",
                                                                      "heartbeat: 1s")
        for before, after in changes:
            self.assertIn(before, declared)
            declared = declared.replace(before, after)
        with open(path, "w", encoding="utf-8") as file:
            file.write(declared)
        server = harness.Server(center).start()
        self.addCleanup(server.remove)
        return server.sign_in()

    def connection(self, server):
        return server.get("/sources").json()["items"][0]["connection"]

    def wait_for_contact(self, server):
        harness.wait_until(lambda: self.connection(server)["last_contact"], "the broker answers", 60)

    def wait_for(self, server, accepted, seconds=120):
        harness.wait_until(lambda: totals(server)["accepted"] >= accepted,
                           f"{accepted} readings are recorded", seconds)

    def kill_in_mid_flight(self, *changes):
        broker = self.make_broker()
        server = self.serve(broker.port, *changes)
        self.wait_for_contact(server)
        device = mosquitto.Device(broker.port)
        step = READINGS // (KILLS + 1)
        for number in range(READINGS):
            device.publish(*reading(number))
            if number % step == step - 1 and number < READINGS - 1:
                server.kill()
                server.start().sign_in()
        device.close()
        self.wait_for(server, READINGS)
        found = totals(server)
        self.assertEqual(found["accepted"], READINGS)
        self.assertEqual((found["refused"], found["in_conflict"], found["quarantined"]), (0, 0, 0))
        self.assertEqual(found["raw_rows"], READINGS + found["repeated"])
        verified = server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_killed_in_mid_flight_it_loses_and_doubles_nothing(self):
        self.kill_in_mid_flight()

    def test_the_same_with_version_3_1_1(self):
        self.kill_in_mid_flight(("version: 5", 'version: "3.1.1"'))

    def test_what_came_while_the_center_was_away_comes_after(self):
        broker = self.make_broker()
        server = self.serve(broker.port)
        self.wait_for_contact(server)
        server.kill()
        device = mosquitto.Device(broker.port)
        for number in range(50):
            device.publish(*reading(number))
        server.start().sign_in()
        self.wait_for(server, 50)

    def test_another_client_gets_nothing_of_it(self):
        """The control: it is the kept session that brings them, not chance."""
        broker = self.make_broker()
        server = self.serve(broker.port)
        self.wait_for_contact(server)
        server.stop()
        device = mosquitto.Device(broker.port)
        device.publish(*reading(1))
        other = self.serve(broker.port, ("client_id: ioc-sensors", "client_id: somebody-else"))
        self.wait_for_contact(other)
        device.publish(*reading(2))
        self.wait_for(other, 1)
        self.assertEqual(totals(other)["accepted"], 1)

    def test_a_broker_that_restarts_loses_nothing(self):
        broker = self.make_broker()
        server = self.serve(broker.port)
        self.wait_for_contact(server)
        device = mosquitto.Device(broker.port)
        for number in range(100):
            device.publish(*reading(number))
        broker.stop()
        harness.wait_until(lambda: self.connection(server)["failing_since"], "the loss is shown")
        self.assertIn(self.connection(server)["reason"], ("connection_lost", "no_connection"))
        broker.start()
        device = mosquitto.Device(broker.port)
        for number in range(100, 200):
            device.publish(*reading(number))
        self.wait_for(server, 200)
        self.assertEqual(totals(server)["accepted"], 200)

    def test_bad_messages_are_set_aside_and_hold_up_nobody(self):
        broker = self.make_broker()
        server = self.serve(broker.port)
        self.wait_for_contact(server)
        device = mosquitto.Device(broker.port)
        topic, payload = reading(1)
        device.publish(topic, b"{not json")
        device.publish(topic, b'{"value": "\xff"}')
        device.publish(topic, b"[" + b"1," * 20_000 + b"1]")
        device.publish(topic, payload)
        self.wait_for(server, 1)
        harness.wait_until(lambda: totals(server)["refused"] >= 3, "the others are set aside")
        metrics = server.call("GET", "/metrics").body.decode()
        self.assertRegex(metrics, r'fansipan_connector_messages_refused_total\{[^}]*\} 3')

    def test_a_silent_network_shows_life_by_the_broker(self):
        broker = self.make_broker()
        server = self.serve(broker.port)

        def alive():
            return server.get("/sources").json()["items"][0]["last_sign_of_life"]
        first = harness.wait_until(alive, "the broker's answer shows life")
        harness.wait_until(lambda: alive() > first, "and again")

    def test_a_refused_sign_in_is_said_and_heals(self):
        broker = self.make_broker(signed_in=True)
        server = self.serve(broker.port, ("client_id: ioc-sensors",
                                          "client_id: ioc-sensors\n      sign_in: "
                                          f"{{user: {mosquitto.USER}, secret: broker_password}}"))
        harness.wait_until(lambda: self.connection(server)["reason"] == "secret_missing",
                           "the missing secret is told")
        self.set_secret(server, "wrong")
        harness.wait_until(lambda: self.connection(server)["reason"] == "sign_in_refused",
                           "the wrong one is refused", 60)
        self.set_secret(server, mosquitto.PASSWORD)
        self.wait_for_contact(server)
        device = mosquitto.Device(broker.port, mosquitto.USER, mosquitto.PASSWORD)
        device.publish(*reading(1))
        self.wait_for(server, 1)
        self.assertNotIn(mosquitto.PASSWORD, server.log_text())

    def set_secret(self, server, value):
        made = subprocess.run([server.program, "--data", server.data, "secret", "set",
                               "broker_password"], input=value + "\n", text=True, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)

    def test_an_untrusted_certificate_is_refused_and_a_trusted_one_taken(self):
        folder = tempfile.mkdtemp(prefix="fansipan-tls-")
        self.addCleanup(shutil.rmtree, folder)
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                        "-out", certificate], check=True, capture_output=True)
        broker = self.make_broker(certificate=certificate, key=key)
        server = self.serve(broker.port, ("tls: false", "tls: true"))
        harness.wait_until(lambda: self.connection(server)["reason"] == "certificate_refused",
                           "the certificate is refused")
        server.stop()
        os.environ["SSL_CERT_FILE"] = certificate
        self.addCleanup(os.environ.pop, "SSL_CERT_FILE")
        server.start().sign_in()
        self.wait_for_contact(server)
        self.assertEqual(ssl.get_server_certificate(("127.0.0.1", broker.port)).strip(),
                         open(certificate, encoding="ascii").read().strip())

    def test_the_simulated_network_is_taken_with_its_faults(self):
        broker = self.make_broker()
        server = self.serve(broker.port)
        self.wait_for_contact(server)
        played = server.run("simulate", "sensors", "--center", server.center, "--url",
                            f"mqtt://127.0.0.1:{broker.port}", "--stations", "6", "--interval", "1s",
                            "--history", "60s", "--duration", "3s", "--duplicated", "0.1",
                            "--truncated", "0.05")
        self.assertEqual(played.returncode, 0, played.stdout + played.stderr)
        self.wait_for(server, 100)
        harness.wait_until(lambda: totals(server)["repeated"] > 0, "what came twice counts once")
        harness.wait_until(lambda: totals(server)["refused"] > 0, "cut messages are set aside")


if __name__ == "__main__":
    harness.main(MqttSource)
