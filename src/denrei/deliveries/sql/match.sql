-- Receipts that know only the provider's name of a message: find its delivery.
UPDATE event_open e SET delivery_id = a.delivery_id
  FROM attempt a WHERE e.organization_id = %(organization)s AND e.delivery_id IS NULL AND e.provider_id <> ''
   AND a.provider_id <> '' AND a.provider_id = e.provider_id  -- said of both, so that the partial index serves
