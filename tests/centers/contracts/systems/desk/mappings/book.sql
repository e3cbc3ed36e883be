-- Written as officials write: 31/12/2025 and 1.234,50.
SELECT number, ward, date_of(came_on, 'dmy') AS came_on, number_of(fee, ',') AS fee, _row FROM raw
