-- The register names places by the codes of today, so a school counts in its commune from 1 July 2025, the
-- first day of these codes, or from its founding where that is later.
SELECT
  maTruong AS school_code,
  tenTruong AS school_name,
  maXa AS commune_code,
  CASE capHoc
    WHEN 'MN' THEN 'preschool' WHEN 'TH' THEN 'primary' WHEN 'THCS' THEN 'lower_secondary'
    WHEN 'THPT' THEN 'upper_secondary' WHEN 'LC' THEN 'several_levels' WHEN 'GDTX' THEN 'continuing'
    ELSE capHoc END AS school_level,
  CASE loaiHinh WHEN 'CL' THEN 'public' WHEN 'TT' THEN 'private' ELSE loaiHinh END AS school_kind,
  CASE mucDoChuan WHEN '0' THEN 'none' WHEN '1' THEN 'level_1' WHEN '2' THEN 'level_2'
    ELSE mucDoChuan END AS standard_level,
  ngayThanhLap AS founded_on,
  greatest(ngayThanhLap, '2025-07-01') || 'T00:00:00' AS counted_from,
  ngayGiaiThe || 'T00:00:00' AS closed_at,
  CASE WHEN ngayCongNhan IS NOT NULL THEN greatest(ngayCongNhan, '2025-07-01') || 'T00:00:00' END AS standard_from,
  CASE WHEN hetHieuLuc IS NULL AND ngayGiaiThe IS NULL THEN NULL
    ELSE least(coalesce(hetHieuLuc, ngayGiaiThe), coalesce(ngayGiaiThe, hetHieuLuc)) || 'T00:00:00'
    END AS standard_until,
  -- Half a year ahead, so that a renewal can still be prepared.
  strftime(TRY_CAST(hetHieuLuc AS DATE) - INTERVAL 180 DAY, '%Y-%m-%dT00:00:00') AS renewal_from,
  kinhDo AS longitude,
  viDo AS latitude,
  capNhatLuc AS updated_at,
  _row
FROM raw
