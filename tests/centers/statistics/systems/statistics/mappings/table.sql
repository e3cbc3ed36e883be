-- One statistics table: a row for each unit, a column for each period, or for each item of each period.
-- A head reads "2015", "Prel. 2016", "X2008", "2014-2015", "2010 (**) Natural forest", "Male Prel. 2016".
--   $table        names the table; items that $measures does not list become series named after it
--   $unit_column  the column with the names of the units, which codes.csv knows without accents and blanks
--   $period       the period of a table without years
--   $measures     item → series; an item that is not written out is called "value"
WITH cells AS (
  SELECT _row, $"unit_column" AS unit, trim(regexp_replace(head, '\s+', ' ', 'g')) AS head, trim(cell) AS cell
  FROM (UNPIVOT raw ON COLUMNS(* EXCLUDE (_row, $"unit_column")) INTO NAME head VALUE cell)
), heads AS (
  SELECT *, regexp_extract(head, '(?:^|[^0-9])((?:19|20)[0-9]{2}(?:-(?:19|20)[0-9]{2})?)(?:$|[^0-9])', 1) AS years,
         lower(regexp_extract(head, '(?i)\b(pre|est)[a-z]*\.?\s*(?:19|20)[0-9]{2}', 1)) AS mark,
         regexp_replace(head, '(?i)(\b(pre|est)[a-z]*\.?\s*)?X?(19|20)[0-9]{2}(-(19|20)[0-9]{2})?|\(\*+\)', '', 'g') AS rest
  FROM cells
), items AS (
  SELECT *, coalesce(nullif(trim(regexp_replace(rest, '\s+', ' ', 'g')), ''), 'value') AS item FROM heads
)
SELECT coalesce($measures[item], $table || ': ' || item) AS series,
       regexp_replace(lower(strip_accents(replace(replace(unit, 'đ', 'd'), 'Đ', 'D'))), '[^a-z0-9]+', '', 'g') AS unit,
       CASE WHEN years = '' THEN $period
            WHEN length(years) > 4 THEN 'school:' || left(years, 4)
            ELSE years END AS period,
       CASE mark WHEN 'pre' THEN 'preliminary' WHEN 'est' THEN 'estimate' ELSE 'final' END AS vintage,
       cell AS value, head AS header, _row
FROM items
