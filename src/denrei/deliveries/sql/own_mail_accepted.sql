-- A message to an operator was accepted: what was refused before counts no more. The watch ends the alarm.
UPDATE alarm SET words = words - 'refused' - 'reply'
 WHERE operator_id = %(operator)s AND kind = 'operator_mail' AND ended_at IS NULL AND words ? 'refused'
