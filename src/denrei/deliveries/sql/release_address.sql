-- An operator, or the person, vouches for an address again: it is sent to from now on.
UPDATE suppression SET until = now(), strikes = '{}', streak = 0, firm_id = NULL, released_at = now(), released_by = %(actor)s
 WHERE organization_id = %(organization)s AND medium = %(medium)s AND address_key = %(address_key)s RETURNING reason
