SELECT ma_truong AS code, ma_xa AS commune, ngay || 'T00:00:00+07:00' AS counted_at, so AS number, _row
FROM raw
