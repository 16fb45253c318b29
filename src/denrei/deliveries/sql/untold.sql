-- Whether administrators are to be told of something now: that an alarm began, or that one ended.
SELECT EXISTS (SELECT FROM alarm WHERE organization_id = %(organization)s AND try_at <= now()
   AND (told_at IS NULL OR ended_at IS NOT NULL AND end_told_at IS NULL)
   AND (ended_at IS NULL OR end_told_at IS NULL AND ended_at > now() - interval '1 day'))
