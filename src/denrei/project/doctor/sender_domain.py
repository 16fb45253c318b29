"""What receivers look up about a sender: SPF, DMARC, DKIM of each domain in use (OPS-6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cryptography.fernet import MultiFernet

from denrei.channels.smtp import dkim
from denrei.project.doctor import senders, spf
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.dns_answers import Address, Answers, UnansweredError
from denrei.project.doctor.finding import Finding, fault, ok, warning
from denrei.project.doctor.senders import Domain

#: Names that no public DNS knows (RFC 2606, 6761, 6762, 8375; JPRS for .jp).
_NOT_PUBLIC = re.compile(
    r"(.*\.)?(localhost|local|internal|intranet|lan|home\.arpa|test|example|invalid"
    r"|example\d?\.(com|net|org|jp|[a-z]{2}\.jp))"
)
#: Terms by which a record may allow anybody: to follow them is the receiver's work.
_OPEN_ENDED = frozenset({"include", "redirect", "exists", "ptr"})
_POLICIES = frozenset({"none", "quarantine", "reject"})
_DKIM_CHECK = (
    "届いたメールの Authentication-Results に dkim=pass とあることを確かめてください"
    "（署名はメールサーバーが行い、鍵の名前はその設定で決まります）。"
)


def examine(
    connection: Connection, safe: MultiFernet, answers: Answers | None
) -> Iterator[Finding]:
    """Yield for each domain in use whether receivers find what they look for.

    `answers` is None where this machine has no resolver.
    """
    domains, nonsense = senders.in_use(connection, safe)
    for address in nonsense:
        yield fault(
            "差出人のアドレス",
            f"{address} は、メールアドレスの書式ではありません。",
            "団体または所属の差出人のアドレスを直してください。",
        )
    for domain in domains:
        yield from judged(domain, answers)


def judged(domain: Domain, answers: Answers | None) -> Iterator[Finding]:
    """Yield what the DNS says of one domain; a DNS out of reach is a warning."""
    title = f"送信元ドメイン {domain.name}"
    if _NOT_PUBLIC.fullmatch(domain.name):
        yield ok(title, "例示用または組織の中だけの名前なので、DNS は調べません。")
        return
    try:
        if answers is None:
            raise UnansweredError("no name server is configured")
        yield from _looked_up(title, domain, answers)
    except UnansweredError as error:
        yield warning(
            title,
            f"DNS に問い合わせできないため、調べられません（{error}）。",
            "外部につながる機械で denrei doctor を実行するか、/etc/resolv.conf を確認してください。",
        )


def _looked_up(title: str, domain: Domain, answers: Answers) -> Iterator[Finding]:
    texts = answers.texts(domain.name)
    if texts is None:
        yield _nowhere(title, domain.name, answers)
        return
    if domain.is_author or domain.hosts or not domain.keys:
        yield _spf(domain, texts, answers)
    if domain.is_author:
        yield _dmarc(domain.name, answers)
    for selector, public in domain.keys.items():
        yield _dkim_key(domain.name, selector, public, answers)
    if domain.is_author and not domain.keys:
        yield _dkim(domain.name, answers)


def _nowhere(title: str, name: str, answers: Answers) -> Finding:
    if not answers.knows_the_world(name):
        return warning(
            title,
            "この機械の DNS では見つかりません。外部の名前を引けない DNS のようです。",
            "差出人のアドレスの綴りを確かめ、外部につながる機械で denrei doctor を実行してください。",
        )
    return fault(
        title,
        "DNS にありません。多くの受信側で拒まれ、返信も戻りも届きません。",
        "差出人のアドレスの綴りを確認してください。正しければ、ドメインの管理者に登録を依頼してください。",
    )


def _spf(domain: Domain, texts: Iterable[str], answers: Answers) -> Finding:
    title = f"SPF（{domain.name}）"
    records = [text for text in texts if spf.is_spf(text)]
    example = f'{domain.name} の TXT レコードに、たとえば "v=spf1 mx ip4:メールサーバーのアドレス -all" を'
    if not records:
        return fault(
            title,
            "レコードがありません。携帯電話会社などで拒まれます。",
            f"{example}登録してください。",
        )
    if len(records) > 1:
        return fault(
            title, "レコードが2つ以上あり、すべて無効とみなされます。", "1つにまとめてください。"
        )
    try:
        terms = spf.parse(records[0])
    except spf.SpfError as error:
        return fault(
            title,
            f"{error}。レコード全体が無効とみなされます。",
            f"{example}正しく書き直してください。",
        )
    if any(term.name == "all" and term.qualifier == "+" for term in terms):
        return warning(
            title,
            "+all があり、だれでもこのドメインを名乗れます。",
            "-all か ~all に替えてください。",
        )
    if not _may_carry(domain, terms, answers):
        return warning(
            title,
            f"中継先（{'、'.join(sorted(domain.hosts))}）のアドレスが見当たりません。",
            "中継先が外へ送り出すときのアドレスを、契約先に確かめて加えてください。",
        )
    return ok(title, f"「{records[0]}」です。")


def _may_carry(domain: Domain, terms: tuple[spf.Term, ...], answers: Answers) -> bool:
    """Tell whether a record may mean one of the mail servers; relays within a network can't be judged."""
    if any(term.name in _OPEN_ENDED or "%" in term.value for term in terms):
        return True
    relays = {
        address
        for host in domain.hosts
        if not _NOT_PUBLIC.fullmatch(host)
        for address in answers.addresses(host)
        if address.is_global
    }
    return (
        not relays
        or any(relay in network for network in spf.networks(terms) for relay in relays)
        or bool(relays & _named(domain.name, terms, answers))
    )


def _named(domain: str, terms: Iterable[spf.Term], answers: Answers) -> set[Address]:
    """Return the addresses that `a` and `mx` stand for."""
    found: set[Address] = set()
    for term in terms:
        if term.name == "a":
            found |= answers.addresses(term.value or domain)
        elif term.name == "mx":
            for host in answers.mail_servers(term.value or domain)[:10]:
                found |= answers.addresses(host)
    return found


def _dmarc(domain: str, answers: Answers) -> Finding:
    """Look at the domain, then at the ones above it (RFC 7489, 6.6.3, without its list of suffixes)."""
    title = f"DMARC（{domain}）"
    labels = domain.split(".")
    for name in (".".join(labels[start:]) for start in range(max(1, len(labels) - 1))):
        texts = answers.texts(f"_dmarc.{name}") or []
        records = [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]
        if records:
            return _dmarc_record(title, name, records)
    return warning(
        title,
        "レコードがありません。大手のメールサービスは、大量の送信に DMARC を求めています。",
        f'_dmarc.{domain} の TXT レコードに、まず "v=DMARC1; p=none; rua=mailto:報告を受けるアドレス" を登録してください。',
    )


def _dmarc_record(title: str, name: str, records: list[str]) -> Finding:
    if len(records) > 1:
        return warning(
            title, "レコードが2つ以上あり、無効とみなされます。", "1つにまとめてください。"
        )
    tags = dict(re.findall(r"(\w+)\s*=\s*([^;\s]*)", records[0]))
    if tags.get("p", "").lower() in _POLICIES:
        return ok(title, f"「{records[0]}」です（_dmarc.{name}）。")
    return warning(
        title,
        f"「{records[0]}」に、正しい方針（p=）がありません。",
        "p=none、p=quarantine、p=reject のいずれかを書いてください。",
    )


def _dkim(domain: str, answers: Answers) -> Finding:
    """Tell whether there can be a key: where `_domainkey` is no name, nothing is below it (RFC 8020)."""
    title = f"DKIM（{domain}）"
    if answers.texts(f"_domainkey.{domain}") is None:
        return warning(
            title,
            f"公開鍵が見当たりません（_domainkey.{domain} がありません）。",
            f"メールサーバーで DKIM の署名を設定し、公開鍵を DNS に登録してください。その後、{_DKIM_CHECK}",
        )
    return ok(
        title, "公開鍵が登録されているようです。署名までは、ここからは分かりません。", _DKIM_CHECK
    )


def _dkim_key(domain: str, selector: str, public: bytes, answers: Answers) -> Finding:
    """Compare the key that signs with the one that receivers find (RFC 6376, 3.6.2)."""
    name = f"{selector}._domainkey.{domain}"
    title = f"DKIM（{name}）"
    show = f"denrei gateway dkim {domain} --selector {selector} --key 秘密鍵のファイル"
    records = [
        key for text in answers.texts(name) or () if (key := dkim.published(text)) is not None
    ]
    if public in records[:1] and len(records) == 1:
        return ok(title, "公開鍵は、送信経路が署名に使う秘密鍵と組になっています。")
    if not records:
        words = "送信経路は署名していますが、公開鍵の TXT レコードがありません。"
    elif len(records) > 1:
        words = "公開鍵の TXT レコードが2つ以上あり、どれが使われるか決まりません。"
    elif not records[0]:
        words = "公開鍵が取り消されています（p= が空です）。"
    else:
        words = "公開鍵が、送信経路が署名に使う秘密鍵と組になっていません。"
    return fault(title, words, f"{show} が表示する TXT レコードを1つだけ登録してください。")
