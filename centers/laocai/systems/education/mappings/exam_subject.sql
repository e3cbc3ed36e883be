-- One record for each school and subject. The mean of several schools is that of all their candidates, so
-- each school's mean is kept as the sum of its marks.
SELECT
  "Mã trường" AS school_code,
  "Mã xã" AS commune_code,
  number_of("Năm thi", ',') AS exam_year,
  date_of("Ngày công bố", 'dmy') AS published_on,
  one.subject AS subject,
  number_of(one.candidates, ',') AS candidates,
  number_of(one.mean, ',') AS mean_mark,
  CAST(TRY_CAST(number_of(one.candidates, ',') AS DECIMAL(9, 0)) *
    TRY_CAST(number_of(one.mean, ',') AS DECIMAL(6, 2)) AS DECIMAL(16, 2)) AS mark_total,
  moment_of("Cập nhật lúc", 'dmy') AS updated_at,
  _row
FROM (
  SELECT *, unnest([
    {'subject': 'mathematics', 'candidates': "Toán (dự thi)", 'mean': "Toán (điểm TB)"},
    {'subject': 'literature', 'candidates': "Ngữ văn (dự thi)", 'mean': "Ngữ văn (điểm TB)"},
    {'subject': 'foreign_language', 'candidates': "Ngoại ngữ (dự thi)", 'mean': "Ngoại ngữ (điểm TB)"}]) AS one
  FROM raw)
WHERE one.candidates IS NOT NULL
