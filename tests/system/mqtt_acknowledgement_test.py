"""A message is acknowledged to its broker when it is recorded, and not before: seen on the line between the two."""

import json
import os
import signal
import threading
import unittest

import broker as mosquitto
import broker_line
import harness
import mqtt_source_test
from mqtt_source_test import reading, totals

READINGS = 50


def moment_of(number):
    return json.loads(reading(number)[1])["measured_at"]


class Acknowledgement(unittest.TestCase):
    make_broker = mqtt_source_test.MqttSource.make_broker
    serve = mqtt_source_test.MqttSource.serve
    connection = mqtt_source_test.MqttSource.connection
    wait_for_contact = mqtt_source_test.MqttSource.wait_for_contact
    wait_for = mqtt_source_test.MqttSource.wait_for

    def make_line(self, on_packet=lambda _: True):
        broker = self.make_broker()
        line = broker_line.Line(broker.port, on_packet)
        self.addCleanup(line.close)
        device = mosquitto.Device(broker.port)
        self.addCleanup(device.close)
        return line, device

    def recorded(self, server):
        """Moments of the readings in the archived payloads of all deliveries."""
        moments = set()
        for sequence in server.deliveries():
            payload = server.get(f"/deliveries/{sequence}/payload").body.decode()
            moments.update(json.loads(line)["payload"]["measured_at"] for line in payload.splitlines())
        return moments

    def lost(self, server, readings):
        return sorted({moment_of(number) for number in range(readings)} - self.recorded(server))

    def check_each_once(self, server, readings):
        found = totals(server)
        self.assertEqual((found["accepted"], found["in_conflict"], found["quarantined"]), (readings, 0, 0))
        self.assertEqual(found["raw_rows"], readings + found["repeated"])
        self.assertEqual(self.lost(server, readings), [])

    def test_what_is_acknowledged_is_found_after_a_kill(self):
        """The center is killed at its first acknowledgement, before the broker has it."""
        killed, passing = threading.Event(), threading.Event()
        servers = []

        def kill_at_first(kind):
            if kind != broker_line.PUBACK or passing.is_set():
                return True
            if not killed.is_set():
                servers[0].kill()
                killed.set()
            return False

        line, device = self.make_line(kill_at_first)
        server = self.serve(line.port)
        servers.append(server)
        self.wait_for_contact(server)
        for number in range(READINGS):
            device.publish(*reading(number))
        self.assertTrue(killed.wait(60), "it acknowledges")
        line.blocked = True
        line.cut()
        self.assertEqual(line.acknowledged, 0, "the broker has heard of nothing")
        server.start().sign_in()
        self.assertGreater(len(self.recorded(server)), 0, "what the acknowledgement was for is recorded")
        passing.set()
        line.blocked = False
        self.wait_for(server, READINGS)
        harness.wait_until(lambda: totals(server)["repeated"] > 0, "what was not acknowledged comes again")
        self.check_each_once(server, READINGS)

    def test_whoever_acknowledges_before_recording_loses_messages(self):
        """The control: the line acknowledges one message that the center never gets, as a client does that is killed
        between its acknowledgement and its record."""
        dropped = []

        def drop_one(kind):
            if kind != broker_line.PUBLISH or dropped:
                return True
            dropped.append(kind)
            return broker_line.ACKNOWLEDGE

        line, device = self.make_line(drop_one)
        server = self.serve(line.port)
        self.wait_for_contact(server)
        for number in range(20):
            device.publish(*reading(number))
        self.wait_for(server, 19)
        line.cut()
        device.publish(*reading(20))
        self.wait_for(server, 20)
        self.assertEqual(self.lost(server, 21), [moment_of(0)])

    def test_a_center_that_stands_still_acknowledges_nothing(self):
        line, device = self.make_line()
        server = self.serve(line.port)
        self.wait_for_contact(server)
        os.killpg(server.process.pid, signal.SIGSTOP)
        for number in range(READINGS):
            device.publish(*reading(number))
        self.assertEqual(line.acknowledged, 0)
        server.kill()
        line.cut()
        server.start().sign_in()
        self.wait_for(server, READINGS)
        self.check_each_once(server, READINGS)
        harness.wait_until(lambda: line.acknowledged >= READINGS, "all are acknowledged in the end")

    def test_a_retained_message_counts_once(self):
        broker = self.make_broker()
        device = mosquitto.Device(broker.port)
        self.addCleanup(device.close)
        device.publish(*reading(0), retained=True)
        # With 3.1.1 the broker sends it again to each subscription.
        server = self.serve(broker.port, ("version: 5", 'version: "3.1.1"'))
        self.wait_for(server, 1)
        server.stop()
        server.start().sign_in()
        harness.wait_until(lambda: totals(server)["repeated"] > 0, "it comes again")
        self.check_each_once(server, 1)


if __name__ == "__main__":
    harness.main(Acknowledgement)
