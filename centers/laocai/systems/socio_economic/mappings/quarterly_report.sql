-- Each row is one sector in one period, at constant and at current prices, with the growth that the office states.
WITH lines AS (
  SELECT 'grdp_' || "Mã số" AS sector, "Mã địa bàn" AS unit_code,
         CASE WHEN regexp_matches("Kỳ", '^Quý (I|II|III|IV)/\d{4}$') THEN right("Kỳ", 4) || '-Q' ||
                CASE split_part(split_part("Kỳ", '/', 1), ' ', 2) WHEN 'I' THEN '1' WHEN 'II' THEN '2' WHEN 'III' THEN '3' ELSE '4' END
              WHEN regexp_matches("Kỳ", '^Năm \d{4}$') THEN right("Kỳ", 4)
              ELSE "Kỳ" END AS period,
         CASE "Mức độ" WHEN 'ước tính' THEN 'estimate' WHEN 'sơ bộ' THEN 'preliminary' WHEN 'chính thức' THEN 'final'
           ELSE "Mức độ" END AS vintage,
         number_of("Giá trị (tỷ đồng) Giá so sánh 2010", '.') AS constant_prices,
         number_of("Giá trị (tỷ đồng) Giá hiện hành", '.') AS current_prices,
         number_of("So với cùng kỳ (%)", '.') AS growth,
         moment_of("Ngày gửi", 'dmy') AS sent_at, "Người ký" AS signer, _row
  FROM raw WHERE "Mã số" IS NOT NULL
), stated AS (
  SELECT sector || '_constant' AS series, constant_prices AS value, * FROM lines
  UNION ALL
  SELECT sector || '_current' AS series, current_prices AS value, * FROM lines
  UNION ALL
  SELECT sector || '_growth' AS series, growth AS value, * FROM lines
)
SELECT series, unit_code, period, vintage, value, sent_at, 'false' AS taken_back, signer, NULL AS note, _row
FROM stated WHERE value IS NOT NULL
