SELECT station, measured_at, _row FROM raw
