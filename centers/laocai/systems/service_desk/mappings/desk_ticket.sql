-- The queue system writes numbers for states and votes; the dataset has words. A ticket leaves the
-- queue when it is called, or when nobody answers the call.
SELECT
  maPhieu AS ticket,
  maXa AS unit_code,
  maCoQuan AS agency_code,
  quay AS counter,
  linhVuc AS field,
  CASE trangThai WHEN '1' THEN 'waiting' WHEN '2' THEN 'called' WHEN '3' THEN 'served'
    WHEN '4' THEN 'abandoned' ELSE trangThai END AS state,
  capSoLuc AS issued_at,
  goiSoLuc AS called_at,
  xongLuc AS served_at,
  boVeLuc AS abandoned_at,
  coalesce(goiSoLuc, boVeLuc) AS left_at,
  CAST(date_diff('second', TRY_CAST(goiSoLuc AS TIMESTAMPTZ), TRY_CAST(xongLuc AS TIMESTAMPTZ)) / 60.0
    AS DECIMAL(18, 2)) AS serving_minutes,
  CASE danhGia WHEN '1' THEN 'very_satisfied' WHEN '2' THEN 'satisfied' WHEN '3' THEN 'dissatisfied'
    ELSE danhGia END AS vote,
  capNhatLuc AS updated_at,
  _row
FROM raw
