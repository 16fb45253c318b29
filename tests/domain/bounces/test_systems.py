"""Each mail system in its own words: who did not get the mail, and why."""

from __future__ import annotations

import pytest

from denrei.domain.bounces import Kind, read
from denrei.domain.failures import Reason
from tests.domain.bounces.mails import ORIGINAL, OURS, WHOM, notice

TEXTS = {
    "qmail": (
        notice(
            "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your"
            " message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't"
            f" work out.\n\n<{WHOM}>:\n192.0.2.9 does not like recipient.\nRemote host said: 550 5.1.1 No such"
            " user\nGiving up on 192.0.2.9.\n\n--- Below this line is a copy of the message.\n\n"
            + ORIGINAL
        ),
        Reason.UNKNOWN_USER,
    ),
    "qmail, sender refused": (
        notice(
            "Hi. This is the qmail-send program at mx.example.net.\n\n"
            f"<{WHOM}>:\nConnected to 192.0.2.9 but sender was rejected.\nRemote host said: 550 5.1.1 User"
            " unknown\n\n--- Below this line is a copy of the message.\n\n" + ORIGINAL
        ),
        Reason.POLICY,
    ),
    "qmail, no such host": (
        notice(
            f"<{WHOM}>:\nSorry, I couldn't find any host named example.jp. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\n"
            + ORIGINAL
        ),
        Reason.UNKNOWN_HOST,
    ),
    "qmail, too long in the queue": (
        notice(
            f"<{WHOM}>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try"
            " again; this message has been in the queue too long.\n\n--- Below this line is a copy of the"
            " message.\n\n" + ORIGINAL
        ),
        Reason.TEMPORARY,
    ),
    "Exim": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could"
            " not be delivered to one or more of its\nrecipients. This is a permanent error. The following"
            f" address(es) failed:\n\n  {WHOM}\n    SMTP error from remote mail server after RCPT TO:<{WHOM}>:\n"
            f"    host mx.example.jp [192.0.2.9]: 550 5.1.1 <{WHOM}>... User Unknown\n\n------ This is a copy of"
            " the message, including all the headers. ------\n\n" + ORIGINAL,
            subject="Mail delivery failed: returning message to sender",
            headers=f"X-Failed-Recipients: {WHOM}\nAuto-Submitted: auto-replied\n",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Exim, no such domain": (
        notice(
            f"The following address(es) failed:\n\n  {WHOM}\n    all relevant MX records point to non-existent"
            " hosts\n\n------ This is a copy of the message, including all the headers. ------\n\n"
            + ORIGINAL,
            subject="Mail delivery failed: returning message to sender",
        ),
        Reason.UNKNOWN_HOST,
    ),
    "Sendmail before RFC 3464": (
        notice(
            "   ----- Transcript of session follows -----\nWhile talking to mx.example.jp:\n"
            f">>> RCPT To:<{WHOM}>\n<<< 550 No such user here.\n550 <{WHOM}>... User unknown\n\n"
            "   ----- Unsent message follows -----\n" + ORIGINAL,
            subject="Returned mail: User unknown",
        ),
        Reason.UNKNOWN_USER,
    ),
    "OpenSMTPD": (
        notice(
            "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has"
            f" occurred while attempting to deliver a message for\n    the following list of recipients:\n\n{WHOM}:"
            f" 550 5.2.2 <{WHOM}>... Mailbox Full\n\n    Below is a copy of the original message:\n\n"
            + ORIGINAL
        ),
        Reason.MAILBOX_FULL,
    ),
    "Gmail of old": (
        notice(
            f"Delivery to the following recipient failed permanently:\n\n     {WHOM}\n\nTechnical details of"
            " permanent failure:\nGoogle tried to deliver your message, but it was rejected by the recipient"
            " domain. We recommend contacting the other email provider for further information. The error that"
            " the other server returned was: 550 550 5.1.1 <hanako@example.jp>: User unknown (state 14).\n\n"
            "----- Original message -----\n\n" + ORIGINAL,
            subject="Delivery Status Notification (Failure)",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Google Groups": (
        notice(
            "Hello,\n\nWe're writing to let you know that the group you tried to contact (drill) may not exist, or"
            " you may not have permission to post messages to the group.\n\n----- Original message -----\n\n"
            + ORIGINAL,
            subject="Delivery Status Notification (Failure)",
            headers=f"X-Failed-Recipients: {WHOM}\n",
        ),
        Reason.POLICY,
    ),
    "Yahoo": (
        notice(
            "Sorry, we were unable to deliver your message to the following address.\n\n"
            f"<{WHOM}>:\nRemote host said: 554 delivery error: dd This user doesn't have a example.jp account"
            f" ({WHOM}) [0] [BODY]\n\n--- Below this line is a copy of the message.\n\n" + ORIGINAL
        ),
        Reason.UNKNOWN_USER,
    ),
    "Exchange 5.5": (
        notice(
            f"Your message\n\n  To:      {OURS}\n  Subject: Drill\n  Sent:    Thu, 29 Apr 2010 00:00:00 +0900\n\n"
            f"did not reach the following recipient(s):\n\n{WHOM} on Thu, 29 Apr 2010 00:00:01 +0900\n    The"
            " recipient name is not recognized\n    MSEXCH:IMS:NNN:EXAMPLE:HOST 0 (000C05A6) Unknown Recipient\n",
            sender="System Administrator <postmaster@example.jp>",
            subject="Undeliverable: Drill",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Domino": (
        notice(
            f"Your message\n\n  Subject: Drill\n\nwas not delivered to:\n\n  {WHOM}\n\nbecause:\n\n  User hanako"
            f" ({WHOM}) not listed in Domino Directory\n",
            subject="DELIVERY FAILURE: User hanako not listed in Domino Directory",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Notes": (
        notice(
            "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\n"
            f"{WHOM}\n\n------- Returned Message --------\n" + ORIGINAL,
            sender="postmaster@example.jp",
            subject="Undeliverable message",
        ),
        Reason.UNKNOWN_USER,
    ),
    "IMail": (
        notice(
            f"Unknown user: {WHOM}\n\nOriginal message follows.\n\n" + ORIGINAL,
            subject="Undeliverable Mail",
        ),
        Reason.UNKNOWN_USER,
    ),
    "IMail, gave up": (
        notice(
            f"Delivery failed 20 attempts: {WHOM}\n\nOriginal message follows.\n\n" + ORIGINAL,
            subject="Undeliverable Mail",
        ),
        Reason.TEMPORARY,
    ),
    "MailMarshal": (
        notice(
            f"Your message:\n   From:    {OURS}\n   Subject: Drill\n\nCould not be delivered because of\n\n550 5.1.1"
            f" User unknown\n\nThe following recipients were affected:\n    {WHOM}\n\nAdditional Information\n"
            f"======================\nOriginal Sender:    <{OURS}>\nSender-MTA:         <192.0.2.1>\n",
            sender="postmaster@example.jp",
            subject='Undeliverable Mail: "Drill"',
        ),
        Reason.UNKNOWN_USER,
    ),
    "InterScan": (
        notice(
            f"Message from InterScan Messaging Security Suite\n\nUnable to deliver message to <{WHOM}> (and other"
            " recipients in the same domain). Please check if address is correct.\n",
            sender='postmaster@mx.example.jp ("InterScan Notification")',
            subject="Mail could not be delivered",
        ),
        Reason.UNKNOWN_USER,
    ),
    "m-FILTER": (
        notice(
            f"以下のメールアドレスへの送信に失敗しました。\n{WHOM}\n\n-------server message\n550 5.1.1 <{WHOM}>:"
            " Recipient address rejected: User unknown in local recipient table\n\n-------SMTP command\nDATA\n\n"
            "-------original message\n" + ORIGINAL,
            sender="POSTMASTER <postmaster@example.jp>",
        ),
        Reason.UNKNOWN_USER,
    ),
    "BIGLOBE": (
        notice(
            f"   ----- The following addresses had delivery problems -----\n{WHOM}\n\n   ----- Non-delivered"
            " information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n",
            sender="postmaster@biglobe.ne.jp",
            subject="Returned mail: Delivery problem",
        ),
        Reason.MAILBOX_FULL,
    ),
    "au, mailbox full": (
        notice(
            "Your mail sent on: Thu, 29 Apr 2010 11:04:47 +0900\n"
            f"    Could not be delivered to: <{WHOM}>\n    As their mailbox is full.\n",
            sender="no-reply@mail.dion.ne.jp",
            subject="Delivery failure",
        ),
        Reason.MAILBOX_FULL,
    ),
    "EZweb, account disabled": (
        notice(
            f"The user(s) account is disabled.\n\n<{WHOM}>: 550 user unknown (in reply to RCPT TO command)\n",
            sender="Mail Administrator <Postmaster@ezweb.ne.jp>",
            subject="Mail System Error - Returned Mail",
        ),
        Reason.SUSPENDED,
    ),
    "EZweb, another server": (
        notice(
            "Each of the following recipients was rejected by a remote mail server.\n\n"
            f"   Recipient: <{WHOM}>\n   >>> RCPT TO:<{WHOM}>\n   <<< 550 <{WHOM}>: User unknown\n",
            sender="Mail Administrator <Postmaster@ezweb.ne.jp>",
            subject="Mail System Error - Returned Mail",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Verizon's phones": (
        notice(
            "Error: Invalid user address\n\nError message below:\n550 - Requested action not taken: no such user"
            f" here\n\nMessage details:\n  Subject: Drill\n  MAIL FROM: {OURS}\n  RCPT TO: {WHOM}\n  From: {OURS}\n",
            sender="post_master@vtext.com",
            subject="Re:Drill",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Verizon's pictures": (
        notice(
            "Message could not be delivered to mobile.\nError: No valid recipients for this MM\n\nOriginal"
            f" Message:\nFrom: Denrei <{OURS}>\nTo: {WHOM}\nSubject: Drill\n",
            sender="sysadmin@mms.vzwpix.com",
            subject="Undeliverable Message",
        ),
        Reason.UNKNOWN_USER,
    ),
    "a gateway that rejects": (
        notice(
            "We had trouble delivering your message. Full details follow:\n\n1 error(s):\n\nSMTP Server"
            f" <mx.example.jp> rejected recipient <{WHOM}>\n  (Error following RCPT command). It responded as"
            " follows: [550 5.1.1 User unknown]\n",
            subject="There was an error sending your mail",
        ),
        Reason.UNKNOWN_USER,
    ),
    "a list of stars": (
        notice(
            "      This is an automatically generated Delivery Status Notification.\n\nDelivery to the following"
            f" recipients failed permanently:\n\n  * {WHOM}\n\n====\n       Technical details:\n\nSMTP:RCPT host"
            f" 192.0.2.8: 553 5.3.0 <{WHOM}>... No such user here\n\n====\n",
            sender="Mail Delivery System <MAILER-DAEMON@example.net>",
            subject="Delivery status notification",
        ),
        Reason.UNKNOWN_USER,
    ),
    "GMX": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could"
            " not be delivered to one or more of\nits recipients. This is a permanent error. The following"
            f" address\nfailed:\n\n{WHOM}:\nSMTP error from remote server after RCPT command:\nhost:"
            f" mx.example.jp\n5.1.1 <{WHOM}>... User Unknown\n\n--- The header of the original message is"
            " following. ---\n\n" + ORIGINAL,
            subject="Mail delivery failed: returning message to sender",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Zoho": (
        notice(
            "This message was created automatically by mail delivery software.\nA message that you sent could not"
            " be delivered to one or more of its recipients. This is a permanent error.\n\n"
            f"{WHOM} Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <{WHOM}>... User Unknown\n\n"
            + ORIGINAL,
            subject="Undelivered Mail Returned to Sender",
        ),
        Reason.UNKNOWN_USER,
    ),
    "DragonFly": (
        notice(
            "This is the DragonFly Mail Agent v0.13 at example.net.\n\nThere was an error delivering your mail to"
            f" <{WHOM}>.\n\nDNS lookup failure: host example.jp not found\n\nMessage headers follow.\n\n"
            + ORIGINAL,
            subject="Mail delivery failed",
        ),
        Reason.UNKNOWN_HOST,
    ),
    "Amazon SNS": (
        notice(
            '{"Type":"Notification","Message":"{\\"notificationType\\":\\"Bounce\\",\\"bounce\\":{\\"bounceType\\":'
            f'\\"Permanent\\",\\"bouncedRecipients\\":[{{\\"emailAddress\\":\\"{WHOM}\\",\\"action\\":\\"failed\\",'
            '\\"status\\":\\"5.1.1\\",\\"diagnosticCode\\":\\"smtp; 550 5.1.1 user unknown\\"}]}}"}',
            sender="SES <no-reply@sns.amazonaws.com>",
            subject="AWS Notification Message",
        ),
        Reason.UNKNOWN_USER,
    ),
    "Postfix to its postmaster": (
        notice(
            "Transcript of session follows.\n\n Out: 220 mx.example.net ESMTP\n In:  EHLO denrei.example\n In: "
            f" MAIL FROM:<{OURS}>\n Out: 250 2.1.0 Ok\n In:  RCPT TO:<{WHOM}>\n Out: 250 2.1.5 Ok\n In:  DATA\n"
            " Out: 451 4.3.0 Error: queue file write error\n",
            subject="Postfix SMTP server: errors from denrei.example[192.0.2.1]",
        ),
        Reason.TEMPORARY,
    ),
}


@pytest.mark.spec("EMC-6")
@pytest.mark.parametrize(("mail", "reason"), TEXTS.values(), ids=TEXTS.keys())
def test_who_did_not_get_it_and_why(mail: bytes, reason: Reason) -> None:
    (finding,) = read(mail)

    assert (WHOM, Kind.FAILED, reason) == (finding.recipient, finding.kind, finding.reason)
    assert finding.evidence
