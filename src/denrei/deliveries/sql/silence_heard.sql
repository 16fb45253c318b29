-- A human's tap ends the silence of its contact in the next night (NEW-2): on the message that was counted last, or on a
-- newer one, which is counted days later. Broadcasts before it are not read again: people tap the newest message.
-- OFFSET 0: asked of one contact at a time, from the broadcasts of its person, never by reading all deliveries.
DELETE FROM silence s
 WHERE s.organization_id = %(organization)s AND EXISTS (
   SELECT FROM (SELECT broadcast_id, recipient_id FROM audience
                 WHERE recipient_id = s.recipient_id AND broadcast_id >= s.last_broadcast_id OFFSET 0) a
    WHERE EXISTS (SELECT FROM delivery d
                   WHERE d.broadcast_id = a.broadcast_id AND d.recipient_id = a.recipient_id
                     AND d.contact_id = s.contact_id AND d.evidence >= 3 OFFSET 0)
       OR EXISTS (SELECT FROM cover v JOIN delivery d ON d.id = v.delivery_id
                   WHERE v.broadcast_id = a.broadcast_id AND v.recipient_id = a.recipient_id
                     AND v.contact_id = s.contact_id AND d.evidence >= 3 OFFSET 0) OFFSET 0)
