"""How mail systems say it, in many wordings and languages: who is silenced by them, and who not.

The replies are facts, said by servers of the world; each is judged without and with a status that
says nothing.
"""

from __future__ import annotations

import pytest

from denrei.domain.failures import CONSEQUENCES, Suppress
from denrei.domain.replies import judging
from denrei.domain.replies.rules import Stage


def _rows(text: str) -> list[str]:
    return [row.strip() for row in text.split("|")]


#: Nobody of that name is there.
NO_USER = _rows(
    """
    Account not found | Address invalid | Address is unknown | Address unknown | Addressee unknown |
    ADDRESS_NOT_FOUND | bad address | Bad destination mailbox address | Destinatario errato |
    recipient does not exist | Email Address was not found | Indirizzo inesistente | Invalid account |
    invalid address | Invalid or unknown virtual user | Invalid mailbox | Invalid recipient |
    Mailbox not found | mailbox unavailable | adres nie istnieje | Nie ma takiego konta |
    No mail box available for this user | no mailbox here | No one with that email address here |
    no such address | no such email address | No such mail drop defined | No such mailbox |
    No such person at this address | no such recipient | No such user | not a known user |
    not a valid mailbox | not a valid user | user not exists | Recipient address rejected |
    Recipient not found | recipient rejected | Recipient unknown |
    server doesn't handle mail for that user | This email address is not known to this system |
    Unknown account | unknown address or alias | Unknown email address | Unknown local part |
    unknown or illegal alias | unknown or illegal user | Unknown recipient | unknown user |
    User doesn't exist in this server | user invalid | User is unknown | User not found |
    User not known | User unknown | user@x was not found in LDAP server |
    We are sorry but the address is invalid | Unable to find alias user | not our customer |
    BAD_RECIPIENT - see the page | Odbiorca nie istnieje | Konto nie istnieje | Benutzer unbekannt |
    Empfänger unbekannt | Unbekannter Empfänger | Adressat unbekannt | Destinataire inconnu |
    Utilisateur inconnu | adresse inconnue | l'adresse n'existe pas | boîte inexistante |
    Usuario desconocido | La cuenta no existe | buzon inexistente | El usuario no existe |
    destinatario desconocido | Destinatario inesistente | utente sconosciuto | casella inesistente |
    usuario inexistente | Usuário desconhecido | Caixa postal inexistente |
    Destinatário não encontrado | Пользователь не найден | Нет такого пользователя |
    Неизвестный пользователь | Почтовый ящик не существует | Такого пользователя нет | ユーザーが見つかりません |
    そのようなユーザーは存在しません | 宛先不明 | メールアドレスが間違っています | 該当するユーザーがいません | 存在しないユーザーです | 指定されたユーザは存在しません |
    宛先のメールアドレスが存在しない | 用户不存在 | 收件人不存在 | 收件人地址不存在 | 没有该用户 | 사용자를 찾을 수 없습니다 | 존재하지 않는 사용자 |
    Brugeren findes ikke | Ukjent bruker | Okänd mottagare | Gebruiker onbekend |
    Onbekende gebruiker | Käyttäjää ei ole | Kullanıcı bulunamadı | Uživatel neexistuje |
    Ismeretlen felhasználó | Delivery not authorized: no such user here |
    there is no one here by that name | This mailbox does not exist |
    sorry, no mailbox here by that name |
    Recipient address rejected: undeliverable address: host said: 550 unknown |
    unverified recipient: unknown | no user by that name here |
    the user you tried to reach is unknown | mailbox does not exist | Sorry, no such recipient here |
    Not a valid recipient | invalid user | illegal user | Address does not exist |
    Account does not exist | Domain ok but user unknown | That address is not valid |
    email address could not be found | e-mail address you entered couldn't be found |
    The recipient's e-mail address was not found in the recipient's e-mail system |
    Recipient not listed in directory | Directory entry for recipient not found | alias not found |
    name not found | No matching recipient | #5.1.1 bad address | Wrong recipient |
    unrouteable address | Unroutable address | mailbox name not allowed | no such local user |
    unknown local-part | Unknown destination address | undefined mail address | not a mailbox |
    is not a user here | user does not have an account | user has no mailbox |
    Recipient is not on this server | We don't have a user by that name | I don't know that user |
    can't find user | Could not find recipient | unable to locate user |
    user lookup failed: no such user | Intended recipient unknown |
    Mailbox for the recipient not present | Recipient no found | RCPT rejected: unknown user |
    bogus recipient | no recipient mailbox | nonexistent recipient | unknown mailbox |
    Mailbox unknown | id not found | userid unknown | unknown userid | account unknown |
    No account by that name | not a registered user | unregistered recipient | user unregistered |
    person not found | No such person | employee not found | Is not a valid address |
    Bad recipient address | Bad recipient | Bad user | mailbox invalid |
    This recipient address is not valid | Sorry, your intended recipient does not exist |
    destination server rejected recipients | no valid recipients, bye | not a local address |
    no mailbox by that name is currently available | sorry, your envelope recipient has been denied |
    your envelope recipient is in my badrcptto list | there is no one at this address |
    is not an active address at this host | no existe dicha persona |
    nessun utente simile in questo indirizzo | the user's email name is not found |
    recipient is not local | recipient not OK | email address not found |
    address not present in directory | recipient address rejected: invalid-recipient |
    destination addresses were unknown | this email address is wrong or no longer valid |
    delivery attempt failed: no such account | the recipient does not have an account here |
    could not deliver: unknown local user | this user does not exist in our system |
    User account does not exist | Mailbox has been deleted | account deleted |
    this account no longer exists | The e-mail address is not in use |
    This address is no longer in service | email address is not in service | address has no mailbox |
    Recipient user ID does not exist | ID does not exist | no such id | local user unknown |
    local delivery failed: user unknown | unknown user: mail forwarding |
    Sorry, I couldn't find a mailbox for that name | vpopmail user unknown | procmail: user unknown |
    550 Recipient unknown in this domain | recipient not in list of valid users |
    This is not a valid email address | not listed in directory | user not local or invalid address |
    mailbox for user not found | The specified recipient is not valid |
    the email address you entered does not exist | Specified mailbox does not exist |
    User isn't known | The recipient cannot be found | The recipient could not be found |
    recipient's mailbox could not be found | Sorry, that user isn't here | No such local mailbox |
    unknown inbox
    """
)
#: The domain does not exist, or takes no mail.
NO_HOST = _rows(
    """
    host unknown | domain not found | Host not found | unrouteable mail domain | no such domain |
    hostname is unknown | couldn't find any host named x | couldn't find any host by that name |
    Domain does not exist | No such host | Name or service not known | NXDOMAIN |
    name server: host not found | Domain name not found | Unknown domain | unknown host |
    No MX record found for domain |
    Host or domain name not found. Name service error for name=x type=A: Host not found | bad domain |
    Invalid domain | Domain of recipient does not exist | no valid MX | mail domain unknown |
    The domain has no mail exchanger | Null MX | domain does not accept mail |
    No Mail Server for recipient domain | Recipient domain not found | non-existent domain |
    unknown mail domain | ドメインが存在しません | ホストが見つかりません | 宛先ドメインが不明 | Unable to resolve domain |
    no DNS entry for domain | illegal host/domain name found | Domain is not valid |
    Destination domain does not exist | Domänen nicht gefunden | domaine inconnu |
    dominio inexistente | домен не существует | mail domain mentioned in email address is unknown |
    recipient address rejected: unknown domain name | domain must exist | no mx found for domain |
    no MX record for domain | Domain has no MX records | domain has expired and does not exist |
    Destination host unknown | no A or MX records | DNS lookup failure: no such domain |
    Domain part is not valid | server does not accept mail for this domain: null MX |
    mail receiving disabled for this host: host does not accept mail |
    This domain does not accept mail | This domain does not receive mail |
    domain not hosted here, no such domain | not a valid domain | the domain name does not exist |
    cannot resolve host name | Destination seem to reject all mails
    """
)
#: Gone elsewhere.
MOVED = _rows(
    """
    Old address no longer valid, has moved | recipient no longer on server | user has moved |
    This user has moved to another address | Recipient has moved | no longer with the company |
    no longer works here | no longer employed by | address has changed | mailbox has moved |
    user left the organization | This person has left | has left the company
    """
)
#: The recipient's own choice.
CHOICE = _rows(
    """
    rejected by recipient's settings | Recipient refuses mail from this sender |
    The user has blocked you | You have been blocked by the recipient | not accepting mail from you |
    recipient has rejected mail from you | sender blocked by recipient |
    Blocked by recipient's filter | user refuses your mail | Blacklisted by recipient |
    Your message was rejected by this user and was not delivered |
    Mailbox is not accepting mail from this address |
    recipient only accepts mail from people in their address book | 受信拒否設定 | 受信拒否
    """
)
#: Closed, perhaps for a while.
CLOSED = _rows(
    """
    account has been disabled | account is disabled | This account is disabled | user disabled |
    User is suspended | Mailbox currently suspended | Account disabled | Account Inactive |
    mail is not currently being accepted for this mailbox |
    email account that you tried to reach is disabled | inactive user |
    Mailbox disabled for this recipient | Mailbox is disabled | Mailbox is inactive |
    Mailbox Locked or Suspended | Podane konto jest zablokowane administracyjnie lub nieaktywne |
    El usuario esta en estado: inactivo | Recipient mailbox was disabled | account suspended |
    Recipient account locked | account has expired | Esta casilla ha expirado por falta de uso |
    compte désactivé | Konto deaktiviert | conta desativada | アカウントが停止 | 利用停止 |
    account is deactivated | email address has been deactivated | user deactivated |
    Mailbox is frozen | suspended for non-payment | cuenta desactivada | casella disabilitata |
    учетная запись заблокирована | archived recipient | mailbox is suspended | Recipient suspended |
    account has been locked | Recipient inactive | user is inactive | Inactive account |
    account not active | account has been frozen | User account is expired |
    mailbox unavailable: account suspended | User over limits and disabled |
    This account has been deactivated | not currently active | user or domain is disabled |
    vdelivermail: account is locked email bounced | Recipient account blocked | User is blocked |
    mailbox is locked | The recipient's mailbox is disabled | This address no longer accepts mail |
    mailbox unavailable or access denied
    """
)
#: No room.
FULL = _rows(
    """
    exceeded storage allocation | Mailbox full | mailbox is full | Mailbox quota usage exceeded |
    Mailbox size limit exceeded | over quota | quota exceeded | Quota violation |
    User has exhausted allowed storage space | User has too many messages on the server |
    User mailbox exceeds allowed size | mailfolder is full | user has Exceeded quota |
    not enough storage space | Benutzer hat zuviele Mails auf dem Server | Postfach voll |
    boîte pleine | Boite aux lettres pleine | buzón lleno | casella piena | caixa cheia |
    mailbox of recipient is over the limit |
    The number of messages in recipient's mailbox exceeded the local limit | ящик переполнен |
    メールボックスが一杯 | メールボックスがいっぱい | 容量オーバー | 容量を超え | 邮箱已满 | inbox is full |
    Quota exceeded (mailbox for user is full) | Over disk quota | storage limit exceeded | disk full
    """
)
#: About the sender, the way, or the message: nobody may be silenced.
OURS = _rows(
    """
    Message too large | Delivery attempts will continue | Greylisted for 5 minutes | Server busy |
    try again later | too many connections | retry timeout exceeded | queue too long |
    no relaying allowed | relay not permitted | Relay access denied | relaying denied |
    Unable to relay for recipient | This system is not configured to relay mail |
    Sender address rejected | Sender address rejected: user unknown | sender rejected: no such user |
    exceeded the rate limit | Local Policy Violation | Too many hops |
    rejecting password protected file attachment | Access denied | Blacklisted | blocked for spam |
    Connection refused due to abuse | dial-up or dynamic-ip denied | failed several antispam checks |
    found in a DNS blacklist | IPs blocked | Your mailserver is rejected | Sender verify failed |
    sender domain does not exist | Domain of sender address does not exist |
    Client host rejected: cannot find your hostname | Helo command rejected: Host not found |
    cannot find your reverse hostname | SPF check failed: host not found in record |
    DMARC policy: rejected | unauthenticated email is not accepted | DKIM signature invalid |
    Message content rejected | virus found | attachment type not allowed | message looks like spam |
    Suspicious content for this user | your IP is not valid | invalid HELO name |
    no PTR record for host | must have a valid MX for the sender domain |
    User has sent too many messages | You are not allowed to send to this recipient |
    authentication required | mailbox of sender not found | Message refused by policy |
    Recipient rate exceeded | Too many recipients | too many invalid recipients |
    Excessive userid unknowns | Host unreachable | connection timed out | Delivery time expired |
    loop detected | system error | Internal error | mail server temporarily rejected message |
    message contains a URL listed | Headers malformed | the From header has an invalid address |
    missing Message-ID | your network is on our list | reject by content filter |
    Error: need fully-qualified hostname | sorry, your envelope sender domain must exist |
    Sender's domain not found | return address does not exist | 550 From address user unknown |
    Verification failed for sender: 550 user unknown |
    Callback verification of sender failed: no such user | The sender's account does not exist |
    bad sender address | invalid sender | Unknown sender | your message was blocked by our filter |
    IP blocked | recipient policy restriction: your domain not allowed |
    does not accept mail from your domain | this server does not accept mail from your ip |
    host rejected | your host is unknown to us | Client host unknown | sender id unknown |
    unknown sender address | from address unknown | mail from domain does not exist |
    Invalid sender domain | bad return path | invalid return address |
    no valid MX for the sender's domain | cannot resolve your domain |
    unresolvable reverse DNS hostname | bad HELO: unknown host | unresolvable HELO |
    user rate limited | user quota for sending reached | daily user sending quota exceeded |
    Message contains invalid header | invalid header field: To address | Invalid message ID |
    invalid character in message | invalid MIME content | unknown encoding |
    Invalid DKIM signature: domain not found | DMARC: domain does not exist policy |
    SPF: domain not found for envelope | Too many unknown users |
    Too many invalid recipients from your host |
    directory harvest attack: too many unknown recipients | unknown command | invalid command |
    bad sequence of commands | unrecognized parameter | invalid parameters | bad syntax |
    system resource unknown | unknown error | unknown reason | undefined error |
    an unknown problem occurred delivering to user | unknown mail transport error |
    invalid TLS certificate for domain | certificate unknown | invalid login for account |
    relay: user not authenticated | account not authorized to send | no such transport |
    temporary lookup failure for user | user lookup temporarily failed | could not verify recipient |
    cannot verify the address at this time | unable to verify user | callout verification failed |
    mailbox busy | local error in processing | insufficient permission for user |
    Recipient limit exceeded | attachment name invalid |
    listed by blocklist; address 192.0.2.1 unknown | your address is listed |
    address blocked 192.0.2.1 | The message was rejected by the recipient's spam filter |
    rejected by recipient domain policy | rejected by the recipient's mail server |
    user's spam filter rejected this message | message rejected by virus scanner for user |
    recipient server refused: too many errors | domain of sender not found |
    host name lookup failure | mail server not available for domain |
    the mail server for the domain could not be reached | DNS server failure | host not responding |
    Could not connect to host | No route to host | unknown host key |
    group does not accept external mail | Your email is invalid: missing date header |
    message has an invalid From address | The address in From is not valid |
    Cannot find your IP in DNS | reverse DNS not found | your PTR record does not exist |
    no DNS A-record for your HELO | RESOLVER.RST.NotAuthorized; not authorized |
    RESOLVER.ADR.Ambiguous; ambiguous address |
    not unique. Several matches found in Domino Directory |
    Error delivering to recipient: Unknown error | recipient: unknown reason | host unknown error |
    503 No recipients | No recipients specified | user: invalid response | address: invalid header |
    account: invalid password | unknown host key
    """
)


def _suppress(words: str, code: str) -> Suppress:
    reply = f"{code} {words}"
    return CONSEQUENCES[judging.judge(reply, stage=Stage.RCPT, domain="example.jp").reason].suppress


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("code", ["550", "550 5.0.0"])
@pytest.mark.parametrize("words", [*NO_USER, *NO_HOST, *MOVED, *CHOICE])
def test_who_is_not_there_is_left_out_at_once(words: str, code: str) -> None:
    assert _suppress(words, code) is Suppress.AT_ONCE


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("code", ["550", "550 5.0.0"])
@pytest.mark.parametrize("words", CLOSED)
def test_who_is_suspended_is_left_out_after_three(words: str, code: str) -> None:
    assert _suppress(words, code) is Suppress.AFTER_THREE


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("code", ["550", "550 5.0.0"])
@pytest.mark.parametrize("words", [*FULL, *OURS])
def test_nobody_is_left_out_for_anything_else(words: str, code: str) -> None:
    assert _suppress(words, code) is Suppress.NEVER


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize("code", ["450", "451 4.1.1", "550 4.1.1"])
@pytest.mark.parametrize("words", [*NO_USER, *NO_HOST, *MOVED, *CHOICE, *CLOSED])
def test_what_is_said_for_the_moment_silences_nobody(words: str, code: str) -> None:
    assert _suppress(words, code) is Suppress.NEVER
