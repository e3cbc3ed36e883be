-- Each row states two quantities of one unit and year, provinces among them.
WITH stated AS (
  SELECT "Mã đơn vị" AS unit_code, "Năm" AS period,
         CASE "Mức độ" WHEN 'chính thức' THEN 'final' WHEN 'sơ bộ' THEN 'preliminary' ELSE "Mức độ" END AS vintage,
         moment_of("Ngày gửi", 'dmy') AS sent_at, "Người ký" AS signer,
         number_of("Dân số (người)", ',') AS persons, number_of("Số hộ", ',') AS households, _row
  FROM raw
)
SELECT 'population' AS series, unit_code, period, vintage, persons AS value, sent_at, signer, _row FROM stated
UNION ALL
SELECT 'households' AS series, unit_code, period, vintage, households AS value, sent_at, signer, _row FROM stated
