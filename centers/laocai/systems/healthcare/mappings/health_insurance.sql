-- The social security writes quarters as Q3/2026, and numbers with a dot between thousands.
SELECT
  ma_don_vi AS unit_code,
  regexp_replace(quy, '^Q([1-4])/([0-9]{4})$', '\2-Q\1') AS period,
  CASE muc_do WHEN 'sơ bộ' THEN 'preliminary' WHEN 'chính thức' THEN 'final' ELSE muc_do END AS vintage,
  number_of(so_nguoi, ',') AS insured,
  nguoi_ky AS signer,
  ghi_chu AS note,
  moment_of(lap_luc, 'dmy') AS stated_at,
  _row
FROM raw
