SELECT ma_truong AS code, ma_xa AS commune, '2024-09-05T07:00:00+07:00' AS opened_at,
       CAST(CAST(_longitude AS DOUBLE) AS DECIMAL(12, 6)) AS longitude,
       CAST(CAST(_latitude AS DOUBLE) AS DECIMAL(12, 6)) AS latitude, _row
FROM raw
