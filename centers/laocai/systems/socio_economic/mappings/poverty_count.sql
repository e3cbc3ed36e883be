-- The rows of communes; those of provinces would count every household twice. A review is of the end of the year: it holds
-- from 1 December until the next one. What is final goes before what is preliminary, whenever it came.
SELECT "Mã xã" AS unit_code, "Năm" AS year,
       CASE "Mức độ" WHEN 'chính thức' THEN '2' WHEN 'sơ bộ' THEN '1' ELSE "Mức độ" END
         || replace(date_of(split_part("Ngày gửi", ' ', 1), 'dmy'), '-', '') AS precedence,
       CASE "Mức độ" WHEN 'chính thức' THEN 'final' WHEN 'sơ bộ' THEN 'preliminary' ELSE "Mức độ" END AS vintage,
       number_of("Tổng số hộ", '.') AS reviewed, number_of("Hộ nghèo Số hộ", '.') AS poor,
       number_of("Hộ cận nghèo Số hộ", '.') AS near_poor,
       "Năm" || '-12-01T00:00:00' AS holds_from,
       CAST(CAST("Năm" AS INTEGER) + 1 AS VARCHAR) || '-12-01T00:00:00' AS holds_until, _row
FROM raw
WHERE length("Mã xã") = 5
