-- Contacts that people had not before an import.
SELECT c.id FROM people_import_person k JOIN contact c USING (recipient_id)
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s)
   AND NOT EXISTS (SELECT FROM jsonb_to_recordset(k.before -> 'contacts') AS b (id bigint) WHERE b.id = c.id)
