SELECT
  maTruong AS school_code,
  maXa AS commune_code,
  CASE capHoc
    WHEN 'MN' THEN 'preschool' WHEN 'TH' THEN 'primary' WHEN 'THCS' THEN 'lower_secondary'
    WHEN 'THPT' THEN 'upper_secondary' WHEN 'LC' THEN 'several_levels' WHEN 'GDTX' THEN 'continuing'
    ELSE capHoc END AS school_level,
  ngay AS school_day,
  siSo AS enrolled,
  coMat AS present,
  vangCoPhep AS absent_with_leave,
  vangKhongPhep AS absent_without_leave,
  guiLuc AS reported_at,
  _row
FROM raw
