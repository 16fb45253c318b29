-- Who of these people must not be sent to any more; -wave stands for everybody.
SELECT recipient_id, reason FROM halt WHERE broadcast_id = %(broadcast)s AND recipient_id = ANY(%(people)s::bigint[])
