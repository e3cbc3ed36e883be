-- The latest sum to date that an owner states of a plan year, so that it can stand beside the treasury's on any day.
-- What the Department of Finance states for the whole province (000.00.00.H38) is left out: it is the sum of the others.
WITH stated AS (
  SELECT *, TRY_CAST(split_part(kyBaoCao, '/', 1) AS INTEGER) AS month,
         TRY_CAST(split_part(kyBaoCao, '/', 2) AS INTEGER) AS year, TRY_CAST(namKeHoach AS INTEGER) AS plan_year
  FROM raw WHERE maCoQuan <> '000.00.00.H38'
)
SELECT maCoQuan AS agency_code, namKeHoach AS plan_year,
       CASE WHEN month BETWEEN 1 AND 12 AND year BETWEEN 2000 AND 2999
         THEN last_day(make_date(year, month, 1)) END AS stated_until,
       number_of(giaiNganLuyKe, ',') AS stated_to_date,
       plan_year || '-02-01T00:00:00' AS starts_at,
       (plan_year + 1) || '-02-01T00:00:00' AS ends_at,
       _row
FROM stated
