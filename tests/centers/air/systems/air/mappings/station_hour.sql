-- A row stands for each hour; a value that was not measured is missing in it.
SELECT station,
       "year" || '-' || lpad("month", 2, '0') || '-' || lpad("day", 2, '0') || 'T' || lpad("hour", 2, '0')
         || ':00:00+08:00' AS begins_at,
       "PM2.5" AS pm25, "CO" AS co,
       CASE WHEN "PM2.5" IS NULL THEN 'missing' ELSE 'measured' END AS pm25_state,
       CASE WHEN "CO" IS NULL THEN 'missing' ELSE 'measured' END AS co_state,
       _row
FROM raw
