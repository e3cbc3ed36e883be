-- The case system writes numbers for statuses, channels and digitisation; the dataset has words.
SELECT
  maHoSo AS case_number,
  maThuTuc AS procedure_code,
  linhVuc AS field,
  maXa AS commune_code,
  maCoQuan AS agency_code,
  CASE kenhTiepNhan WHEN '1' THEN 'counter' WHEN '2' THEN 'online' WHEN '3' THEN 'post'
    ELSE kenhTiepNhan END AS channel,
  CASE trangThai
    WHEN '1' THEN 'newly_registered' WHEN '2' THEN 'accepted' WHEN '3' THEN 'not_accepted'
    WHEN '4' THEN 'processing' WHEN '5' THEN 'supplement_requested'
    WHEN '6' THEN 'financial_obligation_requested' WHEN '7' THEN 'withdrawn_by_applicant'
    WHEN '8' THEN 'stopped' WHEN '9' THEN 'processed' WHEN '10' THEN 'result_returned'
    ELSE trangThai END AS status,
  ngayTiepNhan AS received_at,
  soNgayGiaiQuyet AS term_days,
  ngayHenTra AS due_at,
  ngayKetThuc AS closed_at,
  capNhatLuc AS updated_at,
  CAST(date_diff('minute', TRY_CAST(ngayTiepNhan AS TIMESTAMPTZ), TRY_CAST(ngayKetThuc AS TIMESTAMPTZ)) / 60.0
    AS DECIMAL(18, 2)) AS processing_hours,
  phi AS fee,
  thanhToanTrucTuyen AS paid_online,
  CASE soHoa WHEN '0' THEN 'none' WHEN '1' THEN 'digitised' WHEN '2' THEN 'reused'
    WHEN '3' THEN 'reused_from_case' ELSE soHoa END AS digitisation,
  mucHaiLong AS satisfaction,
  _row
FROM raw
