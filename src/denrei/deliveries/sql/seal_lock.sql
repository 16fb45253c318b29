-- One sealer at a time for each organization; SEAL itself is a statement of its own after it: a fresh snapshot.
INSERT INTO seal_horizon AS s (organization_id, xid) VALUES (%(organization)s, 0)
ON CONFLICT (organization_id) DO UPDATE SET xid = s.xid RETURNING xid
