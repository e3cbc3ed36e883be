SELECT name, 'suite' AS unit, received_at() AS read_at, length(text) AS characters, _row FROM raw
