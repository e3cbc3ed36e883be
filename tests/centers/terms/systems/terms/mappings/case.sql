SELECT id, changed_at, status, commune, agency, received_at, days, finished_at, promised_at,
  suspended_from, suspended_until, _row
FROM raw
