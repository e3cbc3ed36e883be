-- Each version of a case tells the last change of its due date again; the moment of the change
-- keeps the changes apart.
SELECT
  maHoSo AS case_number,
  doiHenLuc AS moved_at,
  ngayHenTraTruoc AS due_before,
  ngayHenTra AS due_after,
  CASE lyDoDoiHen WHEN '1' THEN 'pause' WHEN '2' THEN 'office' ELSE lyDoDoiHen END AS reason,
  linhVuc AS field,
  maXa AS commune_code,
  maCoQuan AS agency_code,
  capNhatLuc AS updated_at,
  _row
FROM raw
WHERE doiHenLuc IS NOT NULL
