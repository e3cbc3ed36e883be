SELECT
  "Mã trường" AS school_code,
  "Mã xã" AS commune_code,
  number_of("Năm thi", ',') AS exam_year,
  date_of("Ngày công bố", 'dmy') AS published_on,
  number_of("Dự thi", ',') AS candidates,
  number_of("Tốt nghiệp", ',') AS graduated,
  moment_of("Cập nhật lúc", 'dmy') AS updated_at,
  _row
FROM raw
