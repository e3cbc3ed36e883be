-- The sheet of one component: a row for each province, beside its questions the score they make.
--   $year, $series
--   $number_column   the publisher's number of the province; medians and notes have none
--   $province_column, $score_column
SELECT $series AS series,
       regexp_replace(lower(strip_accents(replace(replace($"province_column", 'đ', 'd'), 'Đ', 'D'))), '[^a-z0-9]+', '', 'g') AS unit,
       $year AS period, 'published' AS vintage, CAST($"score_column" AS DECIMAL(18, 6)) AS value,
       $score_column AS header, _row
FROM raw
WHERE try_cast($"number_column" AS INTEGER) IS NOT NULL
