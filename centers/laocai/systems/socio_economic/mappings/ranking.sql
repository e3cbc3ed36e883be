-- One row is one edition of one index for one province: its score, its rank, and among how many.
WITH lines AS (
  SELECT lower(replace("Chỉ số", ' ', '_')) AS name, "Mã địa bàn" AS unit_code, "Năm công bố" AS period,
         "Chỉ số" || ' ' || "Kỳ" || coalesce(', hạng ' || "Hạng" || '/' || "Số tỉnh", '') AS edition, "Nguồn" AS publisher,
         date_of("Ngày công bố", 'dmy') || 'T00:00:00' AS published_at,
         number_of("Điểm", ',') AS score, number_of("Hạng", ',') AS place, number_of("Số tỉnh", ',') AS ranked, _row
  FROM raw
), stated AS (
  SELECT name || '_score' AS series, score AS value, * FROM lines
  UNION ALL
  SELECT name || '_rank' AS series, place AS value, * FROM lines
  UNION ALL
  SELECT name || '_ranked' AS series, ranked AS value, * FROM lines
)
SELECT series, unit_code, period, 'published' AS vintage, value, published_at, publisher, edition, _row
FROM stated WHERE value IS NOT NULL
