-- The age of the last frame is reckoned here from the two moments: what the camera states of its age
-- is kept only as the difference.
WITH health AS (
  SELECT *, date_diff('second', TRY_CAST(last_frame_at AS TIMESTAMPTZ), TRY_CAST(told_at AS TIMESTAMPTZ)) AS age
  FROM raw
  WHERE split_part(topic, '/', 4) = 'health'
)
SELECT
  camera AS camera_id,
  commune AS commune_code,
  agency AS agency_code,
  online_since,
  last_frame_at,
  closed_at,
  told_at AS reported_at,
  CASE status WHEN 'online' THEN 'true' WHEN 'offline' THEN 'false' ELSE status END AS says_online,
  age AS frame_age_seconds,
  TRY_CAST(frame_age AS BIGINT) - age AS age_difference_seconds,
  fps AS frames_per_second,
  storage_used AS storage_used_percent,
  _row
FROM health
