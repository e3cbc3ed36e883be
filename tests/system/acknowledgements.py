"""Pushes until the server dies, and says afterwards whether every acknowledgement was kept."""

import http.client
import threading

import permit_rows


class Pusher:
    """Several senders at once; each delivery is one case under a key of its own."""

    def __init__(self, server, token, senders=3):
        self.server = server
        self.token = token
        self.acknowledged = {}
        self.sent = set()
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(senders)]

    def start(self, first):
        self.next = first
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _run(self, _):
        while not self.stopped.is_set():
            with self.lock:
                number = self.next
                self.next += 1
                self.sent.add(number)
            rows = [permit_rows.row(number)]
            try:
                answer = self.server.push("permit_log", self.token, permit_rows.to_csv(rows),
                                          key=f"key-{number}", timeout=20)
            except (OSError, http.client.HTTPException):
                return
            if answer.status in (200, 201):
                with self.lock:
                    self.acknowledged[number] = answer.json()["sequence"]


def lost_or_doubled(server, pusher):
    """What is wrong after a restart: acknowledged and gone, there twice, or there in part."""
    wrong = []
    sequences = server.deliveries()
    hashes = {}
    for delivery in sequences.values():
        hashes.setdefault(delivery["payload_sha256"], []).append(delivery["sequence"])
        counts = delivery["counts"]
        if counts["candidates"] != 2 or counts["accepted"] != 2:
            wrong.append(f"delivery {delivery['sequence']} is there in part: {counts}")
    for doubled in (sequence for sequence in hashes.values() if len(sequence) > 1):
        wrong.append(f"one delivery is there more than once: {doubled}")
    for number, sequence in pusher.acknowledged.items():
        if sequence not in sequences:
            wrong.append(f"case {number} was acknowledged as {sequence} and is gone")
    if len(sequences) > len(pusher.sent):
        wrong.append("there are deliveries that were never sent")
    return wrong
