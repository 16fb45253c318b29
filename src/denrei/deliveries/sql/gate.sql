-- Who of these people must not be sent to any more; -wave stands for everybody. The time to give up counts by
-- itself (63): after an outage the senders may be there before the janitor has looked.
SELECT -wave, 63::smallint FROM run
 WHERE broadcast_id = %(broadcast)s AND -wave = ANY(%(people)s::bigint[]) AND give_up_at <= clock_timestamp()
UNION ALL
SELECT recipient_id, reason FROM halt WHERE broadcast_id = %(broadcast)s AND recipient_id = ANY(%(people)s::bigint[])
