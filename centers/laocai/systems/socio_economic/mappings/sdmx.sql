-- A message in SDMX-CSV 2.0. The code list of OBS_STATUS: A is a normal value, P provisional, E estimated. ACTION D takes
-- back what was stated before.
--   $prefix   tells the series of one office from those of another one
SELECT $prefix || lower("INDICATOR") AS series,
       "REF_AREA" AS unit_code,
       "TIME_PERIOD" AS period,
       CASE "OBS_STATUS" WHEN 'A' THEN 'final' WHEN 'P' THEN 'preliminary' WHEN 'E' THEN 'estimate' ELSE "OBS_STATUS" END AS vintage,
       number_of("OBS_VALUE", '.') AS value,
       "LAST_UPDATE" AS sent_at,
       CASE "ACTION" WHEN 'D' THEN 'true' ELSE 'false' END AS taken_back,
       "CONTACT" AS signer,
       "COMMENT_OBS" AS note,
       _row
FROM raw
