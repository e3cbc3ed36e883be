-- Three quantities of each row; the rates in the workbook are not taken, the center computes them from the households.
WITH lines AS (
  SELECT "Mã xã" AS unit_code, "Năm" AS period,
         CASE "Mức độ" WHEN 'chính thức' THEN 'final' WHEN 'sơ bộ' THEN 'preliminary' ELSE "Mức độ" END AS vintage,
         number_of("Tổng số hộ", '.') AS reviewed, number_of("Hộ nghèo Số hộ", '.') AS poor,
         number_of("Hộ cận nghèo Số hộ", '.') AS near_poor,
         moment_of("Ngày gửi", 'dmy') AS sent_at, "Người ký" AS signer, _row
  FROM raw
)
SELECT 'reviewed' AS series, unit_code, period, vintage, reviewed AS value, sent_at, signer, _row FROM lines
UNION ALL
SELECT 'poor' AS series, unit_code, period, vintage, poor AS value, sent_at, signer, _row FROM lines
UNION ALL
SELECT 'near_poor' AS series, unit_code, period, vintage, near_poor AS value, sent_at, signer, _row FROM lines
