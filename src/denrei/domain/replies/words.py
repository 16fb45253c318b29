"""The phrases of mail systems, by what they say (lower case, addresses taken out).

Each group is one regular expression made of its rows; who is known to say a row stands beside it.
Sources: the systems themselves and their operators' pages (Google's "SMTP error reference",
Microsoft's "Email non-delivery reports", Yahoo's and Apple's postmaster pages), RFC 5321 and
RFC 3463. No row repeats without a bound, so time grows with the length of a reply alone.
"""

from __future__ import annotations

from denrei.domain.replies import tongues
from denrei.domain.replies.tongues import any_of

_MAILBOX = (
    r"(?:user|recipient|rcpt|mail ?box|account|addressee|address|person|customer|alias|inbox|user ?-?id|user ?-?name|member|subscriber"
    r"|employee|local[ -]?part|mail ?drop|mail user|e-?mail (?:address|account|id|user|name)|(?:recipient|mailbox|alias|account) name)"
)
#: Some words of the same sentence, names of hosts among them.
_SOME = r"(?:[^.;]|\.(?=\S)){0,60}"
#: There is none.
_NONE = (
    r"(?:does ?n[o']?t|does not|dose not|do(?:es)?nt|do not|did not|didn't) (?:appear to |seem to )?(?:exist|match any)\b|\bnot? ?exists?\b|\bnot existing\b"
    r"|(?:\b(?:not|no)|n't) (?:be )?(?:currently )?(?:found|known|listed|recogni[sz]ed|registered|valid|present|defined|here|local\b|in (?:use|service|(?:the |an? )?list of valid)|in (?:my|our|this|the) (?:system|directory|database|list|domain|server|virtual))"
    r"|\bunknown\b(?! (?:error|reason|problem|failure|status|cause|command|response|reply|state|code))|\bnon-?exist[ae]nt\b"
    r"|\binvalid\b(?! (?:response|reply|command|status|state|code|data|header|message|credential|password|certificate|signature))|\bunregistered\b|\bundeliverable\b(?! (?:mail|message))|\bunrout(?:e)?able\b|\bundefined\b|\bbogus\b|\bunrecogni[sz]ed\b"
)

NO_USER = any_of(
    # What a mailbox is said not to be, a few words on.
    rf"\b{_MAILBOX}(?:\(s\)|e?s)?(?: (?:you|that you|which you)[^.;]{{1,30}})?(?: ?\([^()]{{0,80}}\))?(?: specified| given| name| address| id)?[ :,-]{{0,3}}(?:(?:is|was|were|are|has|could|can|cannot|does|in)(?=n't| ) ?)?(?:an? )?(?:{_NONE})",
    rf"\b{_MAILBOX}\b[^.;]{{0,40}}(?:(?:does ?n[o']?t|does not|doesnt|do not|dose not|didn't) exist|\bnot exist|\bno longer (?:exists?|in (?:use|service))|\b(?:has been|was|is) (?:deleted|erased)\b|\bnon-?exist[ae]nt\b|\bis unknown\b|(?:could ?n[o']t|could not|cannot|can't|can not|was not|wasn't) be (?:found|located)|\bwas not found|\bwasn't found)",
    # Which mailbox there is none of.
    rf"\b(?:no(?! recipients\b| recipient(?! mailbox| account)| rcpt| address)|not an?|not the|unknown|invalid|bad|illegal|incorrect|wrong|bogus|undefined|unrecogni[sz]ed|unrout(?:e)?able|undeliverable|non-?exist[ae]nt|un-?registered)[ _-](?:(?:such|valid|known|existing|matching|local|active|recogni[sz]ed|registered|real|correct|current|final|virtual|domain|or|delivery|destination|invalid|illegal|intended|mail|forward|system|smtp|rcpt|external|internal|alias|address|unknown|final) ){{0,4}}{_MAILBOX}(?:e?s)?\b|\bunknown to address",
    rf"\b(?:no|unknown|invalid|bad)_(?:such_)?{_MAILBOX}|\b{_MAILBOX}_(?:not_found|unknown|invalid)",
    rf"\b(?:can ?not|can't|could not|couldn't|could not|unable to|failed to|does ?n[o']t|does not|did not|do not|don't) (?:find|locate|resolve|recogni[sz]e|know|have|identify)(?: an?| the| this| your| that| any| such)*(?: \w{{1,12}})?? {_MAILBOX}\b",
    r"\bno (?:such|one|matching) (?:id\b|email|person|recip|name\b)|\bno ?(?:one|body)\b[^.;]{0,30}(?:by that name|with that (?:e-?mail|name|address)|at this address)|\bby that name\b",
    r"\b(?:id|name|employee|alias) (?:is )?(?:not found|unknown|does not exist)\b|\b(?:account|mailbox|user) deleted\b|\brejected recipients\.?$|\benvelope recipient has been denied|\bmailbox name not allowed|\bnot a(?:n? \w{1,12})? mailbox\b|\bis not (?:a|an|one of)(?: (?!gateway)\w{1,12}){0,2} (?:users?|recipients?|mailbox|subscribers?|customers?|members?)\b",
    r"\b(?:unverified|unverifiable) (?:recipient|address|user)|\brecip(?:ient)?n(?:o|ot)tfound\b|\brecipient no found",
    # Recipients refused, with no other reason given; qmail's lists.
    r"\bbadrcptto\b|\bbadrecipientto\b|\bvalidrcptto\b|\brejected: ?(?:invalid-recipient|userunknown)|\brecipient (?:is )?not (?:accepted|ok)\b",
    r"\brecipient (?:address )?rejected:?\.?(?: recipient rejected)?\.?$|\brecipient rejected\b(?=\.?$)|\baddress (?:is )?rejected\.?$",
    r"\bnot present in (?:the )?directory|\bno recipient in (?:the )?name directory|\bnot listed in|\bnot found in (?:directory|database|ldap)|\bdirectory entry[^.;]{0,30}not found",  # Domino
    r"\bcan't accept (?:user|recipient)|\bmissing home directory|\buser path no exist|\binvalid or unknown\b|\bunknown or invalid|\bnot our (?:user|customer)|\bnot one of our",
    r"\bunknown e-?mail|\binvalid e-?mail\b|\bnot a member of (?:the |this )?domain|\brecipient cannot be verified|\bno local user by",
    r"\bthis user doesn't have an? \S{1,80} account|\bdoes ?n[o']t have an? (?:e-?mail )?(?:account|mailbox)|\bhas no (?:mailbox|account)|\bno account\b",  # Yahoo
    r"\bthis address does not receive mail|\bno mailbox\b|\bno mail ?box (?:available|found|here)|\bmailbox here by that name|\bno mail ?box\b",  # qmail, chkuser
    r"\bresolver\.adr\.(?:recip(?:ient)?notfound|exrecipnotfound|recipientnotfound|invalid)|\brecipient \S{0,80} ?not found",  # Exchange
    r"\bno matches to nameserver query|\bno such user here|\bwrong or no longer valid|\bdoes not have a final e-?mail delivery point",  # Qi
    r"\bdelivery to this address is restricted.{0,5}no such|\bp=nosuchuser\b|\bwasn't found at\b",  # Google
    r"\bdestination (?:address|mailbox) (?:unknown|invalid)|\bunknown to (?:the )?(?:system|server)|\bunable to find alias|\bnot on this server",
    r"\bvdeliver: invalid|\bvpopmail[^.;]{0,30}unknown|\bcannot route mail to user|\bnot a deliverable address",
    r"\bmailbox (?:is )?(?:currently )?(?:not available|unavailable|unavaiable)\b|\brequested action not taken: no such user",  # RFC 5321, 4.2.3
    r"\baccount[^.;]{0,40}(?:not available|unavailable)\b",  # Yahoo
    r"\buser unkown|\bunknow user|\bunkown user|\buser unknow|\bneither of the recipients|\bno valid recipients for this mm\b",
    r"\buser\b[^.;]{0,20}\bis no longer\b(?! on)|\bplease check if address is correct|\bbad address syntax or unknown|\bnon-deliverable: user",  # InterScan
    tongues.NO_USER,
)
#: No word about the form of an address.
ABSENT_FOR_SURE = r"\b(?:does not|doesn't) exist\b|\b(?:user|recipient|mailbox|account) (?:is )?(?:unknown|not found)\b|\bno such (?:user|recipient|mailbox)|\bunknown (?:user|recipient|mailbox)|nie istnieje"
#: What leaves no doubt beside 5.1.1, whatever else the server goes on to say.
NO_USER_FOR_SURE = r"\b(?:user|recipient|mailbox|account) (?:is )?(?:unknown|not found)|\bunknown (?:user|recipient)|\bno such (?:user|mailbox)"
_HOST = r"(?:host|domain|hostname|domain name|mail domain|recipient domain|destination domain|remote domain)"
NO_HOST = any_of(
    rf"\b{_HOST}(?:s|'s)?(?: or domain name| name| part)?(?: of (?:the )?recipient)?(?: ?\([^()]{{0,80}}\))?[ :,-]{{0,3}}(?:(?:is|was|does|has|could|can)(?:n't)? ?)?(?:an? )?(?:not (?:be )?(?:found|known|valid|exist|registered|defined|resolved)|no longer exists?|unknown(?! (?:error|reason|problem|failure|status|key))|non-?exist[ae]nt|invalid(?! (?:response|reply|certificate|key))|inexistent|unresolvable)\b",
    r"\b(?:no such|unknown|non-?exist[ae]nt|invalid|illegal|bad|wrong|unrout(?:e)?able|undefined) (?:destination |recipient |target |mail |remote |or |domain |host |system ){0,3}(?:host|domain|system address)(?:s|name| name)?\b(?! (?:key|certificate|error|response))",
    rf"\b(?:domain|host)(?: name)?\b{_SOME} (?:does ?n[o']t|does not|doesnt) exist|\bhost \S{{1,120}} not found\b|\bdomain \S{{1,120}} not found\b",
    r"\b(?:recipient )?domain must exist|\bno a or mx record|\bnot a (?:valid|known|registered) (?:host|domain)\b|\ball host address lookups failed permanently|\ball relevant mx records point to non-existent|\bunrouteable mail domain",  # Exim
    r"\bnxdomain\b|\breturned answer with no data|\bnonexistentdomain|\bname server: \S{0,120}:? ?(?:host not found|no data known)|\bdns lookup failure: host",
    r"\b(?:unable to|can ?not|can't|could not|couldn't|failed to|not) (?:find|resolve|locate|look ?up)(?: any| the| a| an| your)? ?(?:valid |recipient |destination )?(?:host|mx|mail exchanger|mail server|domain)\b",
    r"\bno (?:valid |usable )?(?:mx|mail exchanger|mail server|dns entry|dns record|a record|address)s?(?: record| host)?s?(?: \w{1,8})? (?:found|for|available|exist)|\bno valid mx\b|\bhas no (?:mx|mail exchanger|usable mx|mail server|dns)",
    r"\bbadmx\b|\bdomain is not reachable|\brecipient'?s? domain (?:does not exist|not found|is invalid)",
    r"\bname or service not known|\bnodename nor servname|\bno (?:usable )?address(?:es)? (?:found )?for (?:host|domain)",
    tongues.NO_HOST,
)
#: Null MX (RFC 7505) and hosts that only send.
NO_MAIL = any_of(
    rf"\b(?:host|domain|server|site|machine|system)\b{_SOME} (?:does ?n[o']t|does not|not) (?:accept|receive|handle|take) (?:any |inbound |incoming )?(?:e-?)?mails?\b",
    r"\bnull ?mx\b|\bindicated no smtp service|\bsystem not accepting network messages",
    r"\bdoes not handle mail for|\b(?:smtp protocol|mail) returned[^.;]{0,20}no mail is accepted|\bthis host (?:is )?send-?only",
    r"\bno smtp service here for|\bseems? to reject all mail",
)
MOVED = any_of(
    r"\b(?:user|recipient|account|mailbox|customer|person|addressee|address|employee|member)(?: you \w{1,20} to)? has (?:moved|left|changed)\b|\bhas moved to\b|\brecipient no longer on (?:this )?server",
    r"\bno longer (?:works?|working|employed|with (?:us|the|this|our)|on this|at this (?:address|company)|here\b)|\bhas left (?:the|our|this) (?:company|organi[sz]ation|firm|university|school)|\b(?:user|employee|person) left\b",
    r"\b(?:address|mailbox|account) (?:has )?(?:been )?(?:changed|replaced by|moved)\b|\bforwarding address\b|\bold (?:e-?mail )?address\b",
    r"\buser not local; please try\b|\bplease try <?\s*>? instead",
    tongues.MOVED,
)
THEIR_CHOICE = any_of(
    r"\brecipient'?s? preferences\b|\bpreferences of the (?:person|recipient|user)|(?<!access denied, )\b(?:blocked|refused|rejected|black-?listed) by (?:the |this |your )?(?:recipient|user|addressee)\b(?!'?s? (?:domain|server|mail|host|system|organi|network|provider|agent|policy|virus|spam|unknown|anti))",
    r"\b(?:recipient|user|addressee) (?:has )?(?:blocked|refuse[ds]|rejected|rejects) (?:you|your|mail|messages|this sender|to (?:receive|accept))",
    r"\bonly accept(?:ing|s)? (?:mail|messages|e-?mails?) from (?:specific|certain|known|approved|people)",
    r"(?<!disabled, )\bnot accepting (?:any )?(?:mail|messages|e-?mails?)\b(?! from your)(?! with)(?![^.;]{0,20}server)",
    r"\bresolver\.rst\.restrictedto|\bhas restricted sms|\bthis account is protected by",  # Exchange, Sprint
    r"\baddress recipient id refuse to receive|\bbounced address\b|\buser reject\b|\byou have been blocked by the recipient",
    r"\bextended inactivity new mail is not",
    tongues.THEIR_CHOICE,
)
#: The mailbox, not the sender, is blocked.
BARRED = r"\b(?:recipient|user|addressee|account|mailbox)(?:'s)? (?:account |mailbox )?(?:is |was |has been |temporarily )?(?:blocked|barred|locked)\b(?! (?:by|using|for|from|because|due to (?!inactivity)))"
CLOSED = any_of(
    r"\b(?:account|mailbox|mail ?box|user|recipient|address|inbox|e-?mail|customer)\b[^.;]{0,60}\b(?:disabled|suspended?|suspension|deactivated|inactive|frozen|discontinued|closed|locked|expired|terminated|canceled|cancelled|blocked|bloque|not activ(?:e|ated)|deactive|temporarily unavailable|barred|quarantined|dormant|archived)\b",
    r"\b(?:disabled|suspended|inactive|deactivated|expired|locked|frozen|blocked|closed|dormant|archived) (?:recipient|user|account|mailbox|e-?mail|address|or disabled)",
    r"\bp=disableduser\b|\bnot currently active|\bresolver\.adr\.disabled|\brecipient suspend the service|\bmail is not currently being accepted for this",
    r"\binvalid/inactive user|\bno longer (?:accept(?:s|ing)|receiv(?:es|ing)) (?:any )?(?:e-?)?mail|\bis no longer (?:valid|available|active)\b|\bsuspend(?:ed)? (?:this|the) (?:service|account)|\bsuspended for non-?payment",
    tongues.CLOSED,
)
FULL = any_of(
    r"\b(?:mailbox|mail ?box|inbox|quota|storage|maildir|folder|account|mailfolder|disk|spool)\b[^.;]{0,40}(?:full\b|exceed|exhausted|over quota|overquota)",
    r"\bover ?-?quota\b|\bquota (?:exceeded|violation|full)|\bexceed(?:ed|s|ing)?\b[^.;]{0,40}\b(?:quota|storage|mailbox|allowed space)",
    r"\bout of (?:storage|space)|\bexhausted allowed storage|\bnot enough (?:storage|space|disk)|\binsufficient (?:mailbox|storage|space)",
    r"\btoo much mail data|\btoo many messages (?:in|on)|\bover (?:the |its )?(?:maximum|allowed|disk|storage)[^.;]{0,20}(?:quota|size|limit|space)?",
    r"\bp=overquota|\bboite (?:du destinataire )?pleine|\bis full\b|\bfull (?:mailbox|inbox|quota)\b|\bmessage would exceed|\bnumber of messages in recipient's mailbox exceeded",
    tongues.FULL,
)
QUOTA = r"\b(?:mailbox|disk|diskspace|mail|user|storage|recipient|account|folder|inbox|maildir)(?:'s)?\b[^.;]{0,30}\bquota\b|\bquota\b[^.;]{0,20}\b(?:exceed|reached|violation|full|exhaust)|\b(?:over|exceed\w{0,3}|reached)\b[^.;]{0,20}\bquota\b"
#: Which of them is meant is not known.
SEVERAL = r"\bnot unique(?:ly)?\b|\bambiguous\b|\bseveral matches found"
SIZE = any_of(
    r"\b(?:message|mail|size|length|data)\b[^.;]{0,40}(?:too (?:large|big|long)|exceed)|\bsize limit\b|\btoo (?:large|big)\b",
    r"\bmaximum (?:message |mail |allowed )?size|\bresolver\.rst\.(?:recip|send)sizelimit|\bmessage[^.;]{0,20}length exceeds|メールサイズ",
)
OUR_NAME = r"\bsenders?\b|\bmail from\b|\benvelope[ -]from\b|\bhelo\b|\behlo\b|\byour account\b|\bfrom (?:header|address|field|line)\b|\breturn[- ](?:path|address)"
OUR_REPUTE = any_of(
    r"spam|\bu[bc]e\b|unsolicited|\bbulk\b|black ?list|block|\brbl\b|dnsbl|reputation|\blisted\b(?! in)",
    r"polic(?:y|ies)\b|\bspf\b|\bdkim\b|\bdmarc\b|\barc\b|purported|authenti|reverse dns|\brdns\b",
    r"\bptr\b|client host|(?<!exchanger or )\bip\b|your (?:server|host|network|domain)|connections? not accepted|\bmail rejet",
    r"\bnotauthorized\b|\brule imposed\b|(?<!rejected: )\baccess denied|\bcomplaints?\b|\babus(?:e|ive)\b|\bgreylist|\bphish|\bsuspicious|\bpermission to post|\bredundant\b",
)
OUR_RATE = any_of(
    r"\btoo (?:many|much|fast|quickly|frequent)\b(?! (?:hops|received|mail data|messages (?:in|on)))|\brate[ -]?limit",
    r"\bfrequency limited\b|\bthrottl|\b(?:sending|daily|hourly|relay) [^.;]{0,20}(?:limit|quota)",
    r"\breceiving mail (?:at a rate|too quickly)|\bconnection limit\b|\bservice [^.;]{0,80}\bbusy\b",
)
LOG_IN = (
    r"must authenticate|authentication (?:is )?required|must issue a starttls|encryption required"
)
RELAYING = r"\brelay(?:ing)? (?:access )?(?:is )?(?:denied|not permitted|not allowed|prohibited)|unable to relay|\bno relaying\b|\bwe do not relay|\ballowed rcpthosts"
#: Worth another try, whatever the code says.
LATER = r"\btemporar|\btry (?:again )?later"
#: Said by who gave up in the end: nobody answered, or not in time.
NO_ANSWER = any_of(
    r"\bnot found, try again|\b(?:message|envelope|queue\.?|delivery time|deliver)[ .]?expired|\bexpired\b(?=[^.;]{0,30}unable)",
    r"\bgiving up\b(?! on)|\bretry (?:timeout|time) (?:exceeded|not reached)|\bin the queue too long|\bhas been in the queue",
    r"\bfailed \d{1,4} attempts|\bcould not (?:be delivered|deliver) for|\bnot yet been delivered|\bdelayed\b|\bdeferred\b",
    r"\bconnection (?:timed? ?out|refused|reset|failed|dropped|lost|closed|was)|\blost connection|\btimed? ?out\b|\bno route\b",
    r"\b(?:unable to|could not|couldn't|can't|cannot|failed to) connect|\bnetwork is unreachable|\bhost (?:is )?(?:not reachable|unreachable)",
    r"\bcould not be contacted|\bdid not accept our requests|\bunable to contact|\bnot responding|\bsocket error|\ball hosts have been failing|\bsmtp connection failed",
    r"\bserver (?:is )?(?:down|busy|unavailable)|\bdns (?:error|failure|server)\b(?![^;]{0,80}(?:nxdomain|name not found|no data))|\bname lookup fail|\bable to establish an smtp connection|\bno valid route|\bunexpected name server",
)
#: Loops and systems out of order: nothing is said of a recipient.
SYSTEM = any_of(
    r"\btoo many hops|\bmail loop|\brouting loop|\bloops? back|\bhop count|\bmaximum hop",
    r"\bservice (?:is )?(?:currently |temporarily )?(?:unavailable|refused|not available)|\bresources? unavailable",
    r"\b(?:operating )?system error|\bi/o error|\binternal (?:server )?error|\bconfiguration error|\bmailer error",
)
CONTENT = (
    r"\bcontent\b|virus|malware|\battachment|\bline too long|\brfc ?5322|\bmalformed|\bheaders?\b"
)
