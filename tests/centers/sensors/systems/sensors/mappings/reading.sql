-- The second level of a topic is the station, the third what it measures.
SELECT split_part(topic, '/', 2) AS station, split_part(topic, '/', 3) AS quantity,
       commune, measured_at, value, unit, _row
FROM raw
