"""Mosquitto on loopback, a publisher, and a line between broker and center that a test can hold and cut."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading

import harness

CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def text(value):
    data = value.encode() if isinstance(value, str) else value
    return len(data).to_bytes(2, "big") + data


def packet(first, body):
    length, left = b"", len(body)
    while True:
        left, low = left >> 7, left & 0x7F
        length += bytes([low | (0x80 if left else 0)])
        if not left:
            return bytes([first]) + length + body


def split(stream):
    """The whole packets at the beginning of a stream, and what is left."""
    packets = []
    while True:
        length, shift, at = 0, 0, 1
        while at < len(stream) and at <= 4:
            length |= (stream[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not stream[at - 1] & 0x80:
                break
        else:
            return packets, stream
        if len(stream) < at + length:
            return packets, stream
        packets.append(stream[:at + length])
        stream = stream[at + length:]


class Broker:
    """A process of Mosquitto. What it has queued survives its kill once `save` has returned."""

    def __init__(self, settings="", port=None):
        self.folder = tempfile.mkdtemp(prefix="fansipan-broker-")
        self.port = port or free_port()
        self.settings = settings or f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
        self.process = None

    def start(self):
        path = os.path.join(self.folder, "broker.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.settings + "persistence true\nmax_queued_messages 0\n"
                       f"persistence_location {self.folder}/\n")
            if os.geteuid() == 0:
                file.write("user root\n")
        self.process = subprocess.Popen([harness.MOSQUITTO, "-c", path], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        harness.wait_until(self.listens, "the broker listens")
        return self

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def save(self):
        stored = os.path.join(self.folder, "mosquitto.db")
        before = os.stat(stored).st_mtime_ns if os.path.exists(stored) else 0
        self.process.send_signal(signal.SIGUSR1)
        harness.wait_until(lambda: os.path.exists(stored) and os.stat(stored).st_mtime_ns != before,
                           "the broker has saved its sessions")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def remove(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Publisher:
    """Publishes with QoS 1, each message confirmed before the next."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.stream = b""
        self.number = 0
        self.socket.sendall(packet(0x10, text("MQTT") + b"\x04\x02\x00\x00" + text(f"publisher-{os.urandom(4).hex()}")))
        self.expect(CONNACK)

    def expect(self, kind):
        while True:
            packets, self.stream = split(self.stream)
            if packets:
                assert packets[0][0] >> 4 == kind, packets
                return
            received = self.socket.recv(4096)
            assert received, "the broker ended the connection"
            self.stream += received

    def publish(self, topic, payload, retained=False):
        self.number = self.number % 65_535 + 1
        data = payload.encode() if isinstance(payload, str) else payload
        self.socket.sendall(packet(0x32 | retained, text(topic) + self.number.to_bytes(2, "big") + data))
        self.expect(PUBACK)

    def close(self):
        self.socket.close()


class Line:
    """Passes on what center and broker say to each other. `on_packet(kind, line)` sees each packet of the center and
    each of the broker before it is passed on; what it answers False to is dropped."""

    def __init__(self, broker_port, on_packet=None):
        self.broker_port = broker_port
        self.on_packet = on_packet or (lambda *_: True)
        self.acknowledged = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                center, _ = self.listener.accept()
                broker = socket.create_connection(("127.0.0.1", self.broker_port), 5)
            except OSError:
                if self.listener.fileno() < 0:
                    return
                center.close()
                continue
            self.open += [center, broker]
            for source, target in ((center, broker), (broker, center)):
                threading.Thread(target=self.pass_on, args=(source, target), daemon=True).start()

    def pass_on(self, source, target):
        stream = b""
        try:
            while received := source.recv(65_536):
                packets, stream = split(stream + received)
                for one in packets:
                    if self.on_packet(one[0] >> 4, self):
                        self.acknowledged += one[0] >> 4 == PUBACK
                        target.sendall(one)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        for end in self.open:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()
        self.cut()
