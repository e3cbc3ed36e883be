-- One envelope. Its first trace is the moment at which the sender handed it to the exchange.
SELECT
  document_id,
  CASE coalesce(business_type, '0') WHEN '0' THEN 'new' WHEN '1' THEN 'revoked' WHEN '2' THEN 'updated'
    WHEN '3' THEN 'replaced' ELSE business_type END AS business,
  moment_of(split_part(trace_times, '; ', 1), 'ymd') AS sent_at,
  from_id AS sender_id,
  CASE WHEN from_id LIKE '%.' || $province THEN from_id END AS agency_code,
  code_number || '/' || code_notation AS number,
  subject,
  document_type_name AS document_type,
  date_of(promulgation_date, 'ymd') AS promulgated_on,
  moment_of(due_date || ' ' || $day_ends, 'ymd') AS due_at,
  coalesce(steering_type = $instruction, false) AS instructs,
  len(string_split(to_ids, '; ')) AS recipients,
  signature_value IS NOT NULL AS digitally_signed,
  nullif(split_part(response_for_document_ids, '; ', 1), '') AS responds_to,
  _row
FROM raw
