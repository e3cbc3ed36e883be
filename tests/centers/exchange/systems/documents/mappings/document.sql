SELECT document_id AS id, from_id AS sender, code_number || '/' || code_notation AS number, subject,
       strptime(promulgation_date, '%Y/%m/%d')::DATE AS promulgated_on, attachment_bytes, _row
FROM raw
