-- One watcher at a time draws the curves of an organization; PULSE, a statement of its own after it, sees what another wrote.
SELECT pg_try_advisory_xact_lock(hashtextextended('watch.curves', %(organization)s))
