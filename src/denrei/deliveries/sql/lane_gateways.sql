-- The gateways that serve a lane, the preferred first.
SELECT id, kind, settings, rate FROM gateway WHERE lane_id = %(lane)s AND enabled ORDER BY rank, id
