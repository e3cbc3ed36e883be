-- Both offices write the same sheet; the parameter tells their indicators apart.
SELECT $prefix || chi_tieu AS indicator, don_vi AS unit_code, ky AS period, muc AS vintage,
       gia_tri AS value, gui_luc AS sent_at, nguoi_ky AS signer, ghi_chu AS note,
       thu_hoi = 'x' AS taken_back, _row
FROM raw
