-- The log repeats what it knows of a case on each of its events.
SELECT
  "case:concept:name" AS case_id,
  max("case:channel") AS channel,
  max(replace("case:department", ' ', '-')) AS department,
  max("case:startdate") AS received_at,
  max("case:deadline") AS deadline,
  max("case:enddate") AS ended_at,
  max(CAST("time:timestamp" AS TIMESTAMPTZ)) AS last_event_at,
  list(_row ORDER BY _row) AS _rows
FROM raw
GROUP BY "case:concept:name"
ORDER BY min(_row)
