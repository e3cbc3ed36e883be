-- A return holds for its school year, which runs from 1 September to 31 August as the regime `school` has it.
SELECT
  "Mã trường" AS school_code,
  "Mã xã" AS commune_code,
  CASE "Cấp học"
    WHEN 'MN' THEN 'preschool' WHEN 'TH' THEN 'primary' WHEN 'THCS' THEN 'lower_secondary'
    WHEN 'THPT' THEN 'upper_secondary' WHEN 'GDTX' THEN 'continuing' ELSE "Cấp học" END AS level,
  "Năm học" AS school_year,
  CASE WHEN regexp_full_match("Năm học", '[0-9]{4}-[0-9]{4}')
    THEN left("Năm học", 4) || '-09-01T00:00:00' END AS counted_from,
  CASE WHEN regexp_full_match("Năm học", '[0-9]{4}-[0-9]{4}')
    THEN right("Năm học", 4) || '-09-01T00:00:00' END AS counted_until,
  number_of("Số lớp", ',') AS classes,
  number_of("Số học sinh", ',') AS pupils,
  number_of("Nữ", ',') AS girls,
  number_of("Kinh", ',') AS kinh,
  number_of("Tày", ',') AS tay,
  number_of("Mông", ',') AS mong,
  number_of("Dao", ',') AS dao,
  number_of("Thái", ',') AS thai,
  number_of("Giáy", ',') AS giay,
  number_of("Dân tộc khác", ',') AS other_groups,
  number_of("Số giáo viên", ',') AS teachers,
  number_of("Đạt chuẩn", ',') AS teachers_standard,
  number_of("Trên chuẩn", ',') AS teachers_above,
  moment_of("Cập nhật lúc", 'dmy') AS updated_at,
  _row
FROM raw
