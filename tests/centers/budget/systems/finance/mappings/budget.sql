-- One table of provincial budgets: a row for each province, a column for each kind of money.
--   $year, $vintage   what the workbook is of: plan or final
--   $unit_column      the names of the provinces, which codes.csv knows without accents and blanks
--   $share_column     the province's share (%) of the revenues it shares with the center: every province has one,
--                     totals, regions and notes have none
--   $series           head of a column → series; other columns are not taken
WITH rows AS (
  SELECT *, $"unit_column" AS unit, try_cast($"share_column" AS DOUBLE) AS share FROM raw
), cells AS (
  SELECT _row, unit, share, head, cell
  FROM (UNPIVOT rows ON COLUMNS(* EXCLUDE (_row, unit, share)) INTO NAME head VALUE cell)
)
SELECT $series[head] AS series,
       regexp_replace(lower(strip_accents(replace(replace(unit, 'đ', 'd'), 'Đ', 'D'))), '[^a-z0-9]+', '', 'g') AS unit,
       $year AS period, $vintage AS vintage, CAST(cell AS DECIMAL(18, 4)) AS value, head AS header, _row
FROM cells
WHERE share > 0 AND $series[head] IS NOT NULL
