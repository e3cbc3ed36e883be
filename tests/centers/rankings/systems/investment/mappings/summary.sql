-- A summary whose columns are sorted each by itself: beside every score stands the province that has it.
--   $year
--   $number_column   the place in the order; notes and the empty rows between them have none
--   $series          head of a column of scores → series; other columns are not taken
--   $provinces       head of a column of scores → head of the column with its provinces
WITH rows AS (
  SELECT * FROM raw WHERE try_cast($"number_column" AS INTEGER) IS NOT NULL
), cells AS (
  -- One head of 2013 is written with its accents apart from the letters.
  SELECT _row, nfc_normalize(head) AS head, cell
  FROM (UNPIVOT rows ON COLUMNS(* EXCLUDE (_row)) INTO NAME head VALUE cell)
)
SELECT $series[score.head] AS series,
       regexp_replace(lower(strip_accents(replace(replace(place.cell, 'đ', 'd'), 'Đ', 'D'))), '[^a-z0-9]+', '', 'g') AS unit,
       $year AS period, 'published' AS vintage, CAST(score.cell AS DECIMAL(18, 6)) AS value, score.head AS header,
       score._row AS _row
FROM cells AS score JOIN cells AS place ON place._row = score._row AND place.head = $provinces[score.head]
WHERE $series[score.head] IS NOT NULL
