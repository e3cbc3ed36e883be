SELECT number, commune, came_on, done_on, fee, minutes, channel, _row FROM raw
