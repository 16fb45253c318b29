-- What is wrong with a gateway, as a worker sees it; "" when it works again (OPS-5).
UPDATE gateway SET trouble = %(words)s,
       trouble_since = CASE WHEN %(words)s = '' THEN NULL WHEN trouble = '' THEN clock_timestamp() ELSE trouble_since END
 WHERE id = %(gateway)s AND trouble IS DISTINCT FROM %(words)s
