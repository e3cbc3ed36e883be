-- A document that instructs and names a day is one instruction for each agency of the province that it is
-- sent to. Which indicator it is about stands in its content as [chỉ tiêu: name].
WITH sent AS (
  SELECT *, unnest(string_split(to_ids, '; ')) AS recipient
  FROM raw
  WHERE steering_type = $instruction AND due_date IS NOT NULL AND coalesce(business_type, '0') IN ('0', '1')
)
SELECT
  document_id,
  recipient AS agency_code,
  moment_of(split_part(trace_times, '; ', 1), 'ymd') AS changed_at,
  CASE business_type WHEN '1' THEN 'recalled' ELSE 'open' END AS status,
  from_id AS issuer_id,
  code_number || '/' || code_notation AS number,
  subject,
  moment_of(split_part(trace_times, '; ', 1), 'ymd') AS issued_at,
  moment_of(due_date || ' ' || $day_ends, 'ymd') AS due_at,
  nullif(regexp_extract(content, '\[chỉ tiêu: *([a-z][a-z0-9_]{0,62})\]', 1), '') AS about_indicator,
  _row
FROM sent
WHERE recipient LIKE '%.' || $province
