SELECT id, changed_at, _row FROM raw
