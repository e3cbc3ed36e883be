-- The rows of communes; those of provinces would count everybody twice. What is final goes before what is preliminary,
-- whenever it came.
SELECT "Mã đơn vị" AS unit_code,
       "Năm" AS year,
       CASE "Mức độ" WHEN 'chính thức' THEN '2' WHEN 'sơ bộ' THEN '1' ELSE "Mức độ" END
         || replace(date_of(split_part("Ngày gửi", ' ', 1), 'dmy'), '-', '') AS precedence,
       CASE "Mức độ" WHEN 'chính thức' THEN 'final' WHEN 'sơ bộ' THEN 'preliminary' ELSE "Mức độ" END AS vintage,
       number_of("Dân số (người)", ',') AS persons,
       number_of("Số hộ", ',') AS households,
       date_of("Từ ngày", 'dmy') || 'T00:00:00' AS counted_from,
       date_of("Đến ngày", 'dmy') || 'T00:00:00' AS counted_until,
       _row
FROM raw
WHERE "Cấp" <> 'tỉnh'
