-- People whose unit of before an import is gone.
SELECT k.recipient_id FROM people_import_person k
 WHERE k.people_import_id = %(id)s AND k.recipient_id = ANY (%(people)s)
   AND k.before ->> 'unit_id' IS NOT NULL
   AND NOT EXISTS (SELECT FROM unit u WHERE u.id = (k.before ->> 'unit_id')::bigint)
