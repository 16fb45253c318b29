"""The phrases of mail systems, by what they say (lower case, addresses taken out).

Each group is one regular expression made of its rows; who is known to say a row stands beside it.
Sources: the systems themselves and their operators' pages (Google's "SMTP error reference",
Microsoft's "Email non-delivery reports", Yahoo's and Apple's postmaster pages), RFC 5321 and
RFC 3463. No row repeats without a bound, so time grows with the length of a reply alone.
"""

from __future__ import annotations


def any_of(*rows: str) -> str:
    """Return a pattern that fits where one of the rows does."""
    return "|".join(f"(?:{row})" for row in rows)


_MAILBOX = r"(?:user|recipient|mailbox|mail ?box|account|addressee|address|person|customer|alias|inbox|userid|username)"
#: Some words of the same sentence, names of hosts among them.
_SOME = r"(?:[^.;]|\.(?=\S)){0,60}"

NO_USER = any_of(
    rf"\b{_MAILBOX}(?:\(s\))?(?: name| address| id)? (?:is |was )?(?:an )?(?:unknown|not (?:found|known|exist|listed|recogni[sz]ed))",
    r"\bunknown (?:user|recipient|mailbox|account|address|local[ -]part|virtual|to address|or illegal alias|or invalid|account)",
    rf"\bno such (?:{_MAILBOX}|local|virtual|recip|mail ?drop|id\b|email)",
    rf"\b{_MAILBOX}\b[^.;]{{0,40}} (?:does ?n[o']t|does not|doesnt|do not|dose not) exist",
    r"\bnot present in (?:the )?directory|\bno recipient in (?:the )?name directory|\bcan't accept (?:user|recipient)|\baddresses were unknown",
    r"\bmailbox (?:not present|unavaiable)|\brejected: ?(?:invalid-recipient|userunknown)|\brecipient (?:is )?not (?:accepted|local|ok)\b",
    r"\bnessun utente|\bno existe (?:dicha|ese|esa|el|la)\b|\bbadrcptto\b|\bbadrecipientto\b|\bvalidrcptto\b",  # qmail's lists
    r"\b(?:address|mailbox|user) no longer accepts (?:e-?)?mail|\bunknown e-?mail|\bunrout(?:e)?able (?:mail )?address|\bnot a member of (?:the |this )?domain",
    r"\b(?:user|recipient) ?\([^()]{0,80}\) ?unknown|\bmissing home directory|\bemail name is not found",
    r"\brecipient cannot be verified|\buser path no exist|\binvalid or unknown\b|\binvalid e-?mail\b|\bno local user by|\bnot our user\b",
    r"\b(?:usu[aá]rio|destinat[aá]rio|buz[oó]n|cuenta|conta|casilla)\b[^.;]{0,30}(?:no existe|n[aã]o existe|inexistente|descon(?:oc|hec)ido)",
    r"\b(?:benutzer|empfänger|adressat|postfach)\b[^.;]{0,30}(?:unbekannt|existiert nicht)|(?:пользовател|ящик|адрес|получател)[^.;]{0,40}(?:не существует|не найден|отсутствует)",
    r"\buser not exist|\bnon-?existent (?:user|recipient|mailbox|address|account)",
    rf"\b(?:invalid|bad|illegal|incorrect|wrong|unrecogni[sz]ed|unrouteable|undeliverable) (?:final delivery )?{_MAILBOX}(?:e?s)?\b",
    r"\b(?:user|recipient|mailbox|account|address)(?: name)? (?:is )?(?:invalid|undeliverable|unrouteable|unroutable)\b",
    rf"\bnot (?:a |an )?(?:valid|known|existing|local|active|recogni[sz]ed) {_MAILBOX}\b",
    r"\bthis user doesn't have an? \S{1,80} account",  # Yahoo
    r"\bthis address does not receive mail|\bno mailbox (?:here )?by that name|\bmailbox here by that name",  # qmail, chkuser
    r"\bno one at this address|\bnobody (?:here )?by that name|\bno (?:account|user|person|recipient)s? by that name",
    r"\brecip(?:ient)?notfound\b|\bresolver\.adr\.(?:recip(?:ient)?notfound|exrecipnotfound|recipientnotfound|invalid)",  # Exchange
    r"\brecipient \S{0,80} ?not found",
    rf"\b{_MAILBOX}\b[^.;]{{0,20}} no longer (?:exists?|in use)|\bwrong or no longer valid",
    r"\bnot listed in (?:the )?(?:domino|public|notes|address|directory)|\bnot (?:uniquely )?listed in",  # Domino
    r"\bno matches to nameserver query|\bunrouteable address|\bno such user here|\bunknown or invalid",
    r"\bnot our customer|\bnot one of our|\bno (?:valid|such) (?:recipient|address|mailbox|user)s? (?:here|found|in)",
    r"\baddress (?:is )?(?:unknown|rejected\.?$)|\brecipient (?:address )?rejected:?\.?(?: recipient rejected)?\.?$|\brecipient rejected\b(?=\.?$)",
    r"\bdestination (?:address|mailbox) (?:unknown|invalid)|\bbad destination (?:mailbox|email)",
    r"\bdelivery to this address is restricted.{0,5}no such",
    r"\bthe email account that you tried to reach does not exist|\bp=nosuchuser\b",  # Google
    r"\bunknown to (?:the )?(?:system|server)|\bis not a (?:local|known|valid|recogni[sz]ed|registered) (?:user|address|mailbox|account)",
    r"\bnot in (?:our|the|my) (?:user ?list|directory|(?:user )?database)|\bnot found in (?:directory|database|ldap)",
    r"\b(?:can ?not|can't|could not|couldn't|unable to|does not|did not) (?:find|locate|resolve|recogni[sz]e) (?:the |this |your |that )?(?:user|recipient|mailbox|account|addressee)",
    r"\brecipient name is not recogni[sz]ed|\bname (?:is )?not recogni[sz]ed|\bnot recogni[sz]ed (?:as a )?(?:user|recipient)",  # Exchange 5.5
    r"\be-?mail (?:account|address|system)[^.;]{0,30}(?:does not exist|doesn't exist|not exist|was not found|couldn't be found|could not be found|was unable to find)",
    r"\b(?:address|user|recipient|account|mailbox)(?: you entered)? (?:couldn't|could not|wasn't|was not|cannot|can't) be found",
    r"\bwasn't found at\b|\b(?:was|is)n'?t found (?:or|at|in)|\bno e-?mail (?:account|address) (?:found|with)",
    r"\bvdeliver: invalid|\bvpopmail[^.;]{0,30}unknown|\bunknown domain user|\buser is not known",
    r"\bmailbox (?:not available|is unavailable|unavailable)|\bmailbox not? found",  # RFC 5321, 4.2.3
    r"\brequested action not taken: (?:mailbox unavailable|no such user)",
    r"\baccount[^.;]{0,40}(?:not available|unavailable)\b|\bno thank you rejected: account unavailable",  # Yahoo
    r"\bnot a deliverable address|\bundeliverable address|\bno active (?:account|mailbox)",
    r"\bthere is no (?:such )?(?:user|account|mailbox|person|address)|\buser unkown|\bunknow user|\bunkown user|\buser unknow",
    r"\bdestinataire (?:invalide|inconnu)|\butilisateur inconnu|\badresse [^.;]{0,40}(?:invalide|inconnue)",  # French carriers
    r"\bbenutzer (?:un|nicht )bekannt|\bempf(?:ä|ae)nger (?:un|nicht )bekannt|\busuario desconocido|\bdestinatario (?:sconosciuto|desconocido)",
    r"(?:ユーザ|メールアドレス|宛先)[^。]{0,20}(?:見つかりません|存在しません|不明)|メールアドレスが見つかりません|あて先不明|宛先不明",
    r"ディレクトリ(?:の|に)[^。]{0,10}(?:ありません|見つかりません)|\bnon répertorié|\bcannot route mail to user",  # Notes, Domino
    r"用户不存在|收件人[^。]{0,10}不存在|邮箱不存在",
    r"\bneither of the recipients|\bnot a valid mailbox|\bno mail ?box\b|\bno valid recipients for this mm\b",
    r"\buser\b[^.;]{0,20}\bis no longer\b(?! on)|\bnon-deliverable: user|\bplease check if address is correct",  # InterScan
    r"\bdoes not have an? (?:e-?mail )?(?:account|mailbox)|\bhas no (?:mailbox|account)|\bno account\b",
    r"\bbad address syntax or unknown|\bincorrect (?:e-?mail )?address",
)
#: What leaves no doubt beside 5.1.1, whatever else the server goes on to say.
NO_USER_FOR_SURE = r"\b(?:user|recipient|mailbox|account) (?:is )?(?:unknown|not found)|\bunknown (?:user|recipient)|\bno such (?:user|mailbox)"
NO_HOST = any_of(
    r"\b(?:host|domain)(?: or domain name| name)? (?:is )?(?:not found|unknown|non-?existent)",
    r"\bno such (?:host|domain)\b|\brecipient domain must exist|\ball host address lookups failed permanently|\bunknown (?:mail )?(?:host|domain)\b|\bnon-?existent (?:host|domain)s?\b",
    rf"\b(?:domain|host)(?: name)?\b{_SOME} (?:does ?n[o']t|does not|doesnt) exist",
    r"\bnxdomain\b|\breturned answer with no data|\bnonexistentdomain|\bname server: \S{0,120}:? ?(?:host not found|no data known)|\bunrouteable mail domain|\bnot resolve (?:the )?(?:domain|host)",
    r"\bcouldn't find any host|\bcan(?:'t|not) find (?:any )?(?:host|mx|mail exchanger)|\bcouldn't find a mail exchanger",  # qmail
    r"\ball relevant mx records point to non-existent",  # Exim
    r"\bno (?:valid )?(?:mx|mail exchanger)s?(?: record)?s? (?:found|for|available)|\bhas no (?:mx|mail exchanger|usable mx)",
    r"\bbadmx\b|\bdomain is not reachable|\bbad (?:destination )?(?:host|domain|system address)",
    r"\bdomain of recipient\b[^.;]{0,30}not|\brecipient'?s? domain (?:does not exist|not found|is invalid)",
    r"\bhost \S{1,120} not found\b|\bdns lookup failure: host|\binvalid (?:host|domain)(?: name)?\b|\billegal (?:host|domain)",
    r"\bno (?:usable )?address(?:es)? (?:found )?for (?:host|domain)|\bname or service not known|\bnodename nor servname",
    r"ホスト[^。]{0,20}(?:見つかりません|不明)|ドメイン[^。]{0,20}(?:見つかりません|存在しません)",
)
#: Null MX (RFC 7505) and hosts that only send.
NO_MAIL = any_of(
    rf"\b(?:host|domain|server|site|machine|system)\b{_SOME} (?:does ?n[o']t|does not|not) (?:accept|receive|handle|take) (?:any |inbound |incoming )?(?:e-?)?mails?\b",
    r"\bnull ?mx\b|\bindicated no smtp service|\bsystem not accepting network messages",
    r"\bdoes not handle mail for|\b(?:smtp protocol|mail) returned[^.;]{0,20}no mail is accepted|\bthis host (?:is )?send-?only",
    r"\bno smtp service here for",
)
MOVED = any_of(
    r"\brecipient no longer on (?:this )?server|\b(?:user|recipient|account|mailbox|customer) has moved\b|\bhas moved to\b",
    r"\bno longer (?:works?|working|employed|with (?:us|the|this)|on this|at this (?:address|company))",
    r"\b(?:address|mailbox|account) (?:has )?(?:been )?(?:changed|replaced by|moved)\b|\bforwarding address\b",
    r"\buser not local; please try\b|\bplease try <?\s*>? instead",
)
THEIR_CHOICE = any_of(
    r"\brecipient'?s? preferences\b|(?<!access denied, )\b(?:blocked|refused|rejected) by (?:the |this )?(?:recipient|user|addressee)(?:'s)?(?:\.|$| filter| settings)",
    r"\b(?:recipient|user) (?:has )?(?:blocked|refuse[ds]|rejected|rejects) (?:you|your|mail|messages|this sender|to (?:receive|accept))",
    r"\bonly accept(?:ing|s)? (?:mail|messages|e-?mails?) from (?:specific|certain|known|approved|people)",
    r"\bnot accepting (?:any )?(?:mail|messages|e-?mails?)\b(?! from your)(?![^.;]{0,20}server)",
    r"\bresolver\.rst\.restrictedto|\bhas restricted sms|\bthis account is protected by",  # Exchange, Sprint
    r"\baddress recipient id refuse to receive|\bbounced address\b|\buser reject\b|\byou have been blocked by the recipient",
    r"\bextended inactivity new mail is not",
    r"指定受信|受信拒否|受信を拒否",
)
CLOSED = any_of(
    r"\b(?:account|mailbox|mail ?box|user|recipient|address|inbox|e-?mail|customer)\b[^.;]{0,60}\b(?:disabled|suspended?|suspension|deactivated|inactive|frozen|discontinued|closed|locked|expired|terminated|canceled|cancelled|blocked|bloque|not activ(?:e|ated)|deactive|temporarily unavailable|barred|quarantined)\b",
    r"\b(?:disabled|suspended|inactive|deactivated|expired|locked|frozen|blocked) (?:recipient|user|account|mailbox|e-?mail|address|or disabled)",
    r"\bp=disableduser\b|\bnot currently active|\bresolver\.adr\.(?:ambiguous|disabled)|\brecipient suspend the service",
    r"\binvalid/inactive user|\bno longer (?:accepting|receiving) mail|\bis no longer (?:valid|available|active)\b|\bsuspend(?:ed)? (?:this|the) (?:service|account)",
)
FULL = any_of(
    r"\b(?:mailbox|mail ?box|inbox|quota|storage|maildir|folder|account|mailfolder|disk|spool)\b[^.;]{0,40}(?:full\b|exceed|exhausted|over quota|overquota)",
    r"\bover ?-?quota\b|\bquota (?:exceeded|violation|full)|\bexceed(?:ed|s|ing)?\b[^.;]{0,40}\b(?:quota|storage|mailbox|allowed space)",
    r"\bout of (?:storage|space)|\bexhausted allowed storage|\bnot enough (?:storage|space|disk)|\binsufficient (?:mailbox|storage|space)",
    r"\btoo much mail data|\btoo many messages (?:in|on)|\bover (?:the |its )?(?:maximum|allowed|disk|storage)[^.;]{0,20}(?:quota|size|limit|space)?",
    r"\bp=overquota|\bboite (?:du destinataire )?pleine|\bis full\b|\bmessage would exceed|メールボックス[^。]{0,20}(?:いっぱい|容量|満杯)|容量[^。]{0,10}(?:超|オーバー)",
)
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
