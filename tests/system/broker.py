"""Mosquitto on loopback, as an office would run it, and a device that publishes to it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

USER, PASSWORD = "ioc", "broker-password-4711"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Broker:
    """Keeps sessions and messages over a restart. `certificate`, `key`: it speaks TLS."""

    def __init__(self, signed_in=False, certificate=None, key=None):
        program = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin")
        if not program:
            raise unittest.SkipTest("needs mosquitto, which is not installed")
        self.program = program
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix="fansipan-broker-")
        lines = [f"listener {self.port} 127.0.0.1", "persistence true",
                 f"persistence_location {self.folder}/", "autosave_on_changes true",
                 "autosave_interval 1", "max_queued_messages 0",
                 f"allow_anonymous {'false' if signed_in else 'true'}", "user root"]
        if signed_in:
            lines.append(f"password_file {self.passwords()}")
        if certificate:
            lines += [f"certfile {certificate}", f"keyfile {key}"]
        self.settings = os.path.join(self.folder, "mosquitto.conf")
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        self.process = None
        self.start()

    def passwords(self):
        path = os.path.join(self.folder, "passwords")
        subprocess.run(["mosquitto_passwd", "-b", "-c", path, USER, PASSWORD], check=True,
                       capture_output=True)
        return path

    def start(self):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen([self.program, "-c", self.settings], stdout=log,
                                            stderr=log)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the broker did not start")

    def stop(self):
        """As at a restart of the machine: what it keeps is saved."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def text(value):
    encoded = value.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def packet(kind, body):
    length, rest = b"", len(body)
    while True:
        length += bytes([rest % 128 | (128 if rest >= 128 else 0)])
        rest //= 128
        if not rest:
            return bytes([kind]) + length + body


class Device:
    """Publishes with QoS 1 over MQTT 3.1.1 and waits until the broker has each message."""

    def __init__(self, port, user=None, password=None):
        self.connection = socket.create_connection(("127.0.0.1", port), 20)
        flags = 2 | (0xC0 if user else 0)
        body = text("MQTT") + bytes([4, flags]) + (60).to_bytes(2, "big") + text(f"device-{port}")
        if user:
            body += text(user) + text(password)
        self.connection.sendall(packet(0x10, body))
        if self.read(4)[3] != 0:
            raise AssertionError("the broker refuses the device")
        self.number = 0

    def read(self, count):
        found = b""
        while len(found) < count:
            part = self.connection.recv(count - len(found))
            if not part:
                raise ConnectionResetError("the broker is gone")
            found += part
        return found

    def publish(self, topic, payload, retained=False):
        self.number = self.number % 65_535 + 1
        body = text(topic) + self.number.to_bytes(2, "big") + payload
        self.connection.sendall(packet(0x32 | (1 if retained else 0), body))
        answer = self.read(4)
        assert answer[0] == 0x40, answer

    def close(self):
        self.connection.close()
