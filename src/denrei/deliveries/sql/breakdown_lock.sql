-- One watcher at a time counts a broadcast; BREAKDOWN_DUE, asked once more after it, sees what another counted.
SELECT pg_try_advisory_xact_lock(hashtextextended('watch.breakdown', %(broadcast)s))
