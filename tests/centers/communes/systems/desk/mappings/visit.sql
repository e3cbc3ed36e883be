SELECT number, commune, came_on || 'T08:00:00' AS came_at, done_on || 'T09:00:00' AS done_at, fee, minutes, channel, _row
FROM raw
