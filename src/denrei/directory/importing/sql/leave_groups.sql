-- Groups that the file no longer names for a person.
DELETE FROM group_member g USING import_person p
 WHERE g.recipient_id = p.recipient_id AND p.sets_groups
   AND NOT EXISTS (SELECT FROM import_member w WHERE w.line = p.line AND w.group_id = g.group_id)
