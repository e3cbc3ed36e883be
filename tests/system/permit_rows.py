"""Rows of permit events as tests/centers/permits takes them."""

import csv
import io

COLUMNS = ["case:channel", "case:concept:name", "case:deadline", "case:department", "case:enddate",
           "case:startdate", "concept:instance", "concept:name", "org:resource", "time:timestamp"]


def row(number, end="", deadline="2026-12-31T00:00:00Z", event=None, department="General",
        happened="2026-03-02T09:00:00Z"):
    return {"case:channel": "Desk", "case:concept:name": f"case-{number}", "case:deadline": deadline,
            "case:department": department, "case:enddate": end,
            "case:startdate": "2026-03-01T09:00:00Z",
            "concept:instance": event or f"event-{number}", "concept:name": "Received",
            "org:resource": "Resource1", "time:timestamp": happened}


def to_csv(rows, columns=None):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
