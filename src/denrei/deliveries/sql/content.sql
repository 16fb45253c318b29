-- What a broadcast says, and until when it is tried (seconds since the epoch, and from now).
SELECT b.content, extract(epoch FROM b.give_up_at)::float FROM broadcast b WHERE b.id = %(broadcast)s
