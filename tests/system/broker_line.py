"""A line between center and broker that a test watches, blocks and cuts."""

import socket
import threading

from broker import packet

PUBLISH, PUBACK = 3, 4
ACKNOWLEDGE = "acknowledge"


def split(stream):
    """The whole packets at the beginning of a stream, and what is left of it."""
    packets = []
    while True:
        at, length = 1, 0
        while at < len(stream) and stream[at] & 0x80:
            length |= (stream[at] & 0x7F) << 7 * (at - 1)
            at += 1
        if at >= len(stream):
            return packets, stream
        end = at + 1 + (length | stream[at] << 7 * (at - 1))
        if len(stream) < end:
            return packets, stream
        packets.append(stream[:end])
        stream = stream[end:]


def number_of(message):
    """The two bytes by which a message of QoS 1 is acknowledged."""
    at = 1
    while message[at] & 0x80:
        at += 1
    topic = int.from_bytes(message[at + 1:at + 3], "big")
    return message[at + 3 + topic:at + 5 + topic]


class Line:
    """`on_packet(kind)` is asked about each packet before it is passed on: True passes it, False drops it, ACKNOWLEDGE
    drops it and acknowledges it to the broker in the center's name."""

    def __init__(self, broker_port, on_packet=lambda _: True):
        self.broker_port = broker_port
        self.on_packet = on_packet
        self.blocked = False
        self.acknowledged = 0  # messages, to the broker
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                center, _ = self.listener.accept()
            except OSError:
                return
            try:
                if self.blocked:
                    raise ConnectionRefusedError
                broker = socket.create_connection(("127.0.0.1", self.broker_port), 5)
            except OSError:
                center.close()
                continue
            broker.settimeout(None)
            self.ends += [center, broker]
            for source, target in ((center, broker), (broker, center)):
                threading.Thread(target=self.pass_on, args=(source, target), daemon=True).start()

    def pass_on(self, source, target):
        stream = b""
        try:
            while received := source.recv(65_536):
                packets, stream = split(stream + received)
                for one in packets:
                    self.pass_packet(one, source, target)
        except OSError:
            pass
        shut([source, target])

    def pass_packet(self, one, source, target):
        verdict = self.on_packet(one[0] >> 4)
        if verdict == ACKNOWLEDGE:
            source.sendall(packet(0x40, number_of(one)))
        elif verdict:
            self.acknowledged += one[0] >> 4 == PUBACK
            target.sendall(one)

    def cut(self):
        shut(self.ends)

    def close(self):
        self.blocked = True
        shut([self.listener])
        self.listener.close()
        self.cut()


def shut(ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is shut already
