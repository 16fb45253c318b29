-- The call is over and recorded.
DELETE FROM number_in_use WHERE number = %(number)s AND generation = %(generation)s
