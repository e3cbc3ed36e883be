SELECT
  "concept:instance" AS event_id,
  "case:concept:name" AS case_id,
  replace("case:department", ' ', '-') AS department,
  "concept:name" AS activity,
  "org:resource" AS officer,
  "time:timestamp" AS happened_at,
  _row
FROM raw
