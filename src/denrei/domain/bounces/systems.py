"""How mail systems write their notices: tables of phrases, each with who writes it.

All patterns are searched in one line (or one header) in lower case.
"""

from __future__ import annotations

import re


def _any(*rows: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row})" for row in rows))


#: From here on the mail that came back is quoted.
QUOTED = _any(
    r"^[-*=_|#+> ]{0,40}(?:below this line is|this is|attachment is|attached is|here is|below is|following is) (?:a|the|your) (?:copy|complete copy|original|header)",  # qmail, Exim
    r"^[-*=_|#+> ]{0,40}(?:the )?(?:original|unsent|returned|undelivered|rejected|bounced) (?:message|mail)(?: body| header| content)?s?(?: follows| as follows|:| below| is attached| attached)?[-*=_. :]{0,40}$",
    r"^[-*=_|#+> ]{0,40}(?:the )?(?:original )?(?:message|mail|letter)(?: text|'s)? ?(?:headers?|contents?|body|text)? (?:follows?|(?:is|are) (?:following|included below|attached))",
    r"^[-*=_|#+> ]{0,40}(?:the )?headers? of the (?:original )?(?:message|mail)|^[-*=_|#+> ]{0,40}(?:a|your) (?:copy|original)[^.]{0,40}(?:follows|below|attached)",
    r"^[-*=_|#+> ]{0,40}(?:content|copy|start) of (?:the )?(?:returned|original|message|your)|^[-*=_ ]{0,20}original mail as follows",
    r"^the original message (?:follows|headers|is (?:included|attached))|^message (?:header|body|text) follows",
    r"^[-*=_|#+> ]{0,40}(?:begin|start)[- ](?:of )?(?:original )?message|^your original message|\b(?:first|last) \d{1,4} (?:lines|bytes|characters) of your|^.{0,20}original message follows:|^[-*=_|#+> ]{0,40}unsent message follows",
    r"^[-*=_|#+> ]{0,40}(?:元の|送信された|返送された)?(?:メール|メッセージ)(?:ヘッダ|本文|の内容|のヘッダ)",
)
#: A header that a mail server writes: a run of headers with one of these is a quoted mail.
TRACE = _any(
    r"^[> \t]{0,8}(?:received|return-path|message-id|mime-version|dkim-signature|delivered-to|x-received)[ \t]*:"
)
HEADER = _any(r"^[> \t]{0,8}[a-z][\w-]{1,40}[ \t]*:(?: |\t|$|\S)")

#: Lines that lead to the recipients.
INTRO = _any(
    r"following (?:recipient|address|destination|user|mail ?box|e-?mail|person|message)|did not reach|fatal errors|had (?:delivery|permanent|transient)",
    r"(?:could|can|was|were) ?not (?:be )?deliver|cannot be delivered|couldn't be delivered|wasn't delivered|(?:un|not )able to deliver|delivery (?:to|has|failed|of)",
    r"undeliver|failed to deliver|failed (?:recipients?|addresses)|unsuccessful recipients?|error (?:delivering|has occurred)|following list of|transcript of session|not relayed to",
    r"message from .{0,60}(?:security|filter)|送信に失敗|配信(?:でき|に失敗)|お届けでき|送信できませんでした|届けられません|failure reasons",
    r"duplicated message-id|loop back|you are not (?:a )?member|not member article",  # fml
)
#: What stands before an address that failed.
LEADS = _any(
    r"^(?:[>*•·-]{0,4} ?)?(?:\d{1,3}[.)] )?$|\b(?:smtp[:=]|dda:)$",
    r"^(?:>>> ?)?(?:rcpt to|to)\s*:?$|^[45]\d\d(?:[ -]#?[45]\.\d{1,3}\.\d{1,3}[ :-]{0,3})?$|^in:\s*rcpt to:$",
    r"(?:rcpt to|recipients?|recipient address|addressed to|address(?:es)?|user ?id|userid|user|mailbox|account|sent to|mail to|message to|email to|deliver(?:ed|y|ing)? to|failed|errors|attempts|delivering (?:your )?(?:mail|message) to|undelivered to|undeliverable to|not relayed to|message-id in|宛先|アドレス)\s*[:=]?$",
)
#: What stands before an address that did not.
MISLEADS = _any(
    r"(?<!generated )(?<!expanded )(?<!forwarded )(?:from|sender|reply-to|contact|by|via|cc|envelope-from|helo|hello|dear|postmaster|administrator|support|message-id|\bf)\s*[:=]?$"
)

#: Lines that name who can help, or whom to try instead.
ASIDE = _any(
    r"\b(?:further|more) (?:assistance|information|help)|\bplease (?:contact|send mail|write|e-?mail|call|report|forward)|\bquestions\b|\bif you (?:need|require|believe|feel|think|have)",
    r"\btry (?:e-?mailing|sending|writing|mailing) |\binstead\b|\balternat|解決できない|(?:ご|お)?(?:連絡|問い?合わ?せ)(?:ください|下さい|先|は)",
)

#: A reason given in the sentence that leads to the recipients.
BECAUSE = _any(r"\bbecause(?: of)?\b|\bdue to\b|\breason(?: is| being)?\s*:")

#: Sentences of every notice, which say nothing of this delivery.
BOILERPLATE = _any(
    r"returning message to sender|message was created automatically|this is (?:the|an? )(?:mail|auto|.{0,30}program)|^hi\. this is|i'm (?:afraid|sorry)",
    r"one or more of (?:its|your) recipients|permanent error|please (?:do not|don't|contact|send mail|include|note|visit|see)|for (?:further|more) (?:assistance|information|details)",
    r"this report relates to a message you sent|^[-*=_ ]{0,20}message from .{0,60}(?:security|filter|virus)|(?:address|recipient|user|account|mailbox|domain|name)\b.{0,20} (?:may|might|could) (?:not exist|be (?:invalid|incorrect|wrong|unknown|mistyped|misspel))|verify that the (?:recipient|address)|if (?:you|this|the) (?:do so|have|require|need|wish|feel|believe|think)|delete your own text|problem report|auto(?:matically)?[- ]generated|the original message was received at",
    r"^(?:from|sender|subject|date|sent|message-id|x-[\w-]{1,40}|return-path|cc)\s*:|reporting-mta|^(?:original sender|sender-mta|remote-mta|messagename|last-attempt-date)\s*:|^from .{1,80}\[|learn (?:more|why|about)|^https?://",
    r"postmaster (?:at|of)|mail delivery (?:system|subsystem)|mail delivery failed: returning|returned? to sender|transcript of session|undelivered message|delivery status notification",
    r"please (?:check|try)(?! if address)|you (?:might|may) (?:have|want|need)|contact (?:your|the)|check the (?:address|spelling)",
)

#: Said beside a reply and true against it: KDDI writes `550 user unknown` below all of them.
LIMITED = _any(
    r"the user\(s\) account is (?:temporarily )?(?:disabled|limited|over)|the user\(s\) account is temporarily"
)

#: Without a report: the system goes on trying.
DELAYED = _any(
    r"(?:is|are|been|was) (?:delayed|deferred)\b|delayed for more than|not yet (?:been )?delivered|has not yet been delivered|has not been delivered yet\b",
    r"will (?:continue|keep|be) (?:to )?(?:retry|retried|try|trying|attempt)|delivery attempts will continue|will (?:re)?try (?:again|until|for)",
    r"only a temporary failure|this is a warning|temporary (?:non-?)?delivery|could not send message for past|do not need to re-?send",
    r"delivery attempts will continue|\bpostponed\b|message still undelivered|delivery (?:is )?(?:incomplete|delayed|temporarily)|delivery delayed|warning: (?:message|could not)",
)
FINAL = _any(
    r"permanent (?:fatal )?(?:error|failure)|giving up|given up|not going to try again|failed permanently|fatal errors|too long\b"
)

#: The sender of the notice.
DAEMON = _any(
    r"mailer-?daemon|post[-_]?master|mail (?:delivery|administrator|system)|system administrator|mail ?deliver|<>|bounce|undeliver|daemon@|delivery subsystem|@sns\.amazonaws\.com|sysadmin@|no-?reply@[\w.-]{0,40}(?:dion|auone-net|ezweb|au)\b",
)
SUBJECT = _any(
    r"undeliver|non-?deliver|not deliver|delivery (?:status|failure|failed|notification|error|report|problem|has failed)|fail(?:ed|ure)? (?:notice|delivery|mail)|failure notice",
    r"returned (?:mail|message|to sender)|mail (?:failure|delivery|error|system error|could not|not delivered|returned)|message (?:could not|delivery|undeliver|not delivered|status|error)",
    r"could ?n[o']t (?:be )?(?:deliver|send|sent)|cannot (?:be )?(?:deliver|send)|unable to deliver|unzustellbar|non remis|nondeliverable|delayed mail|rejected|bounce|message frozen|warning: |loop alert|errors from",
    r"ndn:|dsn:|配信|送信(?:できません|エラー|失敗)|不達|エラーメール|未配|配送|user unknown|address (?:error|unknown)|退信|недоставл|не доставлено",
)
#: What mail programs put before the subject of an answer.
ANSWER = _any(r"(?:re|aw|fw|fwd|sv|返信|転送)\s?[:：]")
#: Headers that only notices of failure have.
FAILED_HEADERS = ("x-failed-recipients", "x-bounce-recipients", "x-actual-recipient")

AUTOMATIC = _any(
    r"^(?:re: ?)?(?:auto(?:matic|mated)?[- ]?(?:reply|response|answer|responder)|out of (?:the )?office|vacation|away\b|on leave|absence|abwesenheit|i am (?:away|out))",
    r"自動(?:返信|応答)|不在",
)
