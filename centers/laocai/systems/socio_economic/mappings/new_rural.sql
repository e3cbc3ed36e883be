SELECT "Mã xã" AS commune_code,
       CASE "Kết quả" WHEN 'chưa đạt' THEN 'not_yet' WHEN 'đạt chuẩn' THEN 'standard' WHEN 'nâng cao' THEN 'advanced'
         WHEN 'kiểu mẫu' THEN 'model' ELSE "Kết quả" END AS status,
       date_of("Từ ngày", 'dmy') || 'T00:00:00' AS since,
       date_of("Đến ngày", 'dmy') || 'T00:00:00' AS until,
       "Quyết định" AS decision,
       moment_of("Cập nhật", 'dmy') AS updated_at,
       _row
FROM raw
