-- What is told as a plate's key and is not 64 hexadecimal digits may be the plate itself: it becomes
-- missing, and the row is set aside.
SELECT
  event_id,
  event,
  camera AS camera_id,
  commune AS commune_code,
  agency AS agency_code,
  occurred_at,
  people,
  confidence,
  CASE WHEN regexp_full_match(plate_key, '[0-9a-f]{64}') THEN plate_key END AS plate_pseudonym,
  _row
FROM raw
WHERE split_part(topic, '/', 4) = 'event'
