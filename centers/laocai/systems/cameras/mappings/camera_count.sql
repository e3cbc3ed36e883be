SELECT camera AS camera_id, commune AS commune_code, agency AS agency_code, counted_from, persons, vehicles, _row
FROM raw
WHERE split_part(topic, '/', 4) = 'count'
