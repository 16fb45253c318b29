"""The doctor and the DNS: what a real resolver hears from a small server of our own."""

from __future__ import annotations

import pytest

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Unit
from denrei.channels import Secret
from denrei.channels.smtp import Smtp, dkim
from denrei.deliveries.registering import register
from denrei.project.doctor import senders
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import Finding, State
from denrei.project.doctor.sender_domain import examine, judged
from denrei.project.doctor.senders import Domain
from tests.deliveries.world import SAFE, World
from tests.project.doctor.nameserver import BROKEN, Zone, answering, silent

NAME = "denrei.jp"
#: Everything in order.
GOOD: Zone = {
    (NAME, "TXT"): ["other=thing", "v=spf1 mx ip4:203.0.113.0/24 -all"],
    (f"_dmarc.{NAME}", "TXT"): ["v=DMARC1; p=none; rua=mailto:dmarc@denrei.jp"],
    (f"s1._domainkey.{NAME}", "TXT"): ["v=DKIM1; p=MIGf"],
}
TITLES = {"SPF": f"SPF（{NAME}）", "DMARC": f"DMARC（{NAME}）", "DKIM": f"DKIM（{NAME}）"}


def found(zone: Zone, domain: Domain | None = None) -> dict[str, Finding]:
    """Return what a domain's zone makes the doctor say, by title."""
    with answering(zone) as answers:
        told = judged(domain or Domain(NAME, is_author=True), answers)
        return {finding.title: finding for finding in told}


def with_spf(*records: str) -> Zone:
    """Return the good zone with other SPF records."""
    return {**GOOD, (NAME, "TXT"): list(records)}


def with_dmarc(*records: str) -> Zone:
    """Return the good zone with other DMARC records."""
    return {**GOOD, (f"_dmarc.{NAME}", "TXT"): list(records)}


@pytest.mark.spec("OPS-6")
def test_a_domain_with_everything_is_in_order() -> None:
    assert dict.fromkeys(TITLES.values(), State.OK) == {
        title: finding.state for title, finding in found(GOOD).items()
    }


@pytest.mark.spec("OPS-6")
@pytest.mark.parametrize(
    ("zone", "kind", "expected", "words"),
    [
        (with_spf("other=thing"), "SPF", State.FAULT, "レコードがありません"),
        (with_spf("v=spf1 -all", "v=spf1 mx -all"), "SPF", State.FAULT, "2つ以上"),
        (with_spf("v=spf1 ipv4:203.0.113.1 -all"), "SPF", State.FAULT, "「ipv4:203.0.113.1」"),
        (with_spf("v=spf1 +all"), "SPF", State.WARNING, "+all"),
        (with_spf("v=spf10 mx -all"), "SPF", State.FAULT, "レコードがありません"),
        (with_dmarc(), "DMARC", State.WARNING, "レコードがありません"),
        (with_dmarc("v=DMARC1; rua=mailto:a@b.jp"), "DMARC", State.WARNING, "p="),
        (with_dmarc("v=DMARC1; p=nothing"), "DMARC", State.WARNING, "p="),
        (with_dmarc("v=DMARC1;p=reject"), "DMARC", State.OK, "p=reject"),
        (with_dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject"), "DMARC", State.WARNING, "2つ以上"),
        ({(NAME, "TXT"): ["v=spf1 mx -all"]}, "DKIM", State.WARNING, "公開鍵が見当たりません"),
    ],
    ids=[
        "no-spf",
        "two-spf",
        "misspelt-spf",
        "spf-for-everybody",
        "not-spf-at-all",
        "no-dmarc",
        "dmarc-without-policy",
        "dmarc-of-no-known-policy",
        "dmarc-reject",
        "two-dmarc",
        "no-dkim",
    ],
)
def test_what_receivers_miss_is_told(zone: Zone, kind: str, expected: State, words: str) -> None:
    told = found(zone)[TITLES[kind]]

    assert expected == told.state
    assert words in told.words
    assert bool(told.remedy) or told.state is State.OK


@pytest.mark.spec("OPS-6")
def test_the_policy_of_the_domain_above_counts() -> None:
    zone = {
        ("mail.denrei.jp", "TXT"): ["v=spf1 -all"],
        ("_dmarc.denrei.jp", "TXT"): ["v=DMARC1; p=reject"],
    }
    told = found(zone, Domain("mail.denrei.jp", is_author=True))["DMARC（mail.denrei.jp）"]

    assert State.OK == told.state
    assert "_dmarc.denrei.jp" in told.words


@pytest.mark.parametrize(
    ("record", "records", "expected"),
    [
        ("ip4:8.8.8.0/24", {}, State.OK),
        ("ip4:9.9.9.0/24", {}, State.WARNING),
        ("include:spf.example.jp", {}, State.OK),
        ("a:out.denrei.jp", {("out.denrei.jp", "A"): ["8.8.8.8"]}, State.OK),
        ("a", {(NAME, "A"): ["9.9.9.9"]}, State.WARNING),
        ("mx", {(NAME, "MX"): ["10 relay.denrei.jp."]}, State.OK),
        ("mx", {(NAME, "MX"): ["10 other.denrei.jp."]}, State.WARNING),
        ("-ip4:8.8.8.0/24", {}, State.WARNING),
    ],
    ids=["ip4", "other-ip4", "include", "a", "other-a", "mx", "other-mx", "forbidden"],
)
def test_a_record_without_the_mail_server_is_a_warning(
    record: str, records: Zone, expected: State
) -> None:
    zone = {**with_spf(f"v=spf1 {record} -all"), ("relay.denrei.jp", "A"): ["8.8.8.8"], **records}
    told = found(zone, Domain(NAME, hosts={"relay.denrei.jp"}))[TITLES["SPF"]]

    assert expected == told.state


@pytest.mark.parametrize("host", ["10.0.0.25", "localhost", "relay.city.local"])
def test_a_relay_within_the_network_is_not_looked_for(host: str) -> None:
    assert State.OK == found(GOOD, Domain(NAME, hosts={host}))[TITLES["SPF"]].state


def test_a_return_path_needs_spf_only() -> None:
    assert [TITLES["SPF"]] == list(found(GOOD, Domain(NAME)))


def test_a_domain_that_does_not_exist_is_a_fault() -> None:
    (told,) = found({("other.jp", "TXT"): ["x"]}).values()

    assert State.FAULT == told.state
    assert "DNS にありません" in told.words


def test_a_dns_that_knows_no_other_name_is_a_warning() -> None:
    (told,) = found({}).values()

    assert State.WARNING == told.state
    assert "外部の名前を引けない" in told.words


@pytest.mark.parametrize(
    "name",
    ["localhost", "example.jp", "mail.example.com", "example.co.jp", "city.test", "anpi.local"],
)
def test_a_name_that_is_not_public_is_skipped_with_a_word(name: str) -> None:
    (told,) = judged(Domain(name, is_author=True), None)

    assert (State.OK, True) == (told.state, "調べません" in told.words)


def test_a_silent_dns_is_a_warning_and_costs_a_bounded_time() -> None:
    with silent() as answers:
        told = [
            finding
            for name in ("a.denrei.jp", "b.denrei.jp", "c.denrei.jp")
            for finding in judged(Domain(name, is_author=True), answers)
        ]

    assert [State.WARNING] * 3 == [finding.state for finding in told]
    assert "no time is left" in told[-1].words


def test_a_broken_zone_is_a_warning() -> None:
    (told,) = found(GOOD, Domain(BROKEN, is_author=True)).values()

    assert (State.WARNING, True) == (told.state, "問い合わせできない" in told.words)


def test_a_machine_without_a_resolver_is_a_warning() -> None:
    (told,) = judged(Domain(NAME, is_author=True), None)

    assert State.WARNING == told.state
    assert "/etc/resolv.conf" in told.remedy


@pytest.mark.spec("OPS-6")
def test_every_sender_of_an_organization_is_looked_at(
    committed: None, connection: Connection
) -> None:
    organization = World.create().organization
    gateway = Smtp(
        host="mail.denrei.jp",
        sender_address="anpi@denrei.jp",
        return_path_domain="bounce.denrei.jp",
    )
    register(organization, gateway, SAFE)
    with tenancy.acting_for(organization.id):
        Organization.objects.update(sender_address="city@City.denrei.jp")
        for code, address in (("1", "school@school.denrei.jp"), ("2", "no address")):
            Unit.objects.create(
                organization=organization, code=code, name=code, path="/", sender_address=address
            )
    domains, nonsense = senders.in_use(connection, SAFE)
    told = list(examine(connection, SAFE, None))

    assert ["no address"] == nonsense
    assert {
        "bounce.denrei.jp": False,
        "city.denrei.jp": True,
        "denrei.jp": True,
        "school.denrei.jp": True,
    } == {domain.name: domain.is_author for domain in domains}
    assert {"mail.denrei.jp"} == set[str]().union(*(domain.hosts for domain in domains))
    assert [State.FAULT] + [State.WARNING] * 4 == [finding.state for finding in told]


KEY = dkim.read_key(dkim.new_key("ed25519"))
OTHER = dkim.read_key(dkim.new_key("ed25519"))


@pytest.mark.spec("OPS-6")
@pytest.mark.parametrize(
    ("records", "expected", "words"),
    [
        pytest.param([dkim.record(KEY)], State.OK, "組になっています", id="published"),
        pytest.param(None, State.FAULT, "TXT レコードがありません", id="missing"),
        pytest.param(["v=DKIM2; p=YQ=="], State.FAULT, "TXT レコードがありません", id="no-record"),
        pytest.param([dkim.record(OTHER)], State.FAULT, "組になっていません", id="another"),
        pytest.param(["v=DKIM1; p="], State.FAULT, "取り消されています", id="revoked"),
        pytest.param(
            [dkim.record(KEY), dkim.record(OTHER)], State.FAULT, "2つ以上", id="two-records"
        ),
    ],
)
def test_the_key_that_signs_is_compared_with_the_one_receivers_find(
    records: list[str] | None, expected: State, words: str
) -> None:
    zone: Zone = {**GOOD, **({(f"k1._domainkey.{NAME}", "TXT"): records} if records else {})}
    told = found(zone, Domain(NAME, is_author=True, keys={"k1": dkim.public_part(KEY)}))

    assert TITLES["DKIM"] not in told
    finding = told[f"DKIM（k1._domainkey.{NAME}）"]
    assert expected == finding.state
    assert words in finding.words
    assert bool(finding.remedy) or finding.state is State.OK


def test_the_keys_of_gateways_are_known_by_their_domain(
    committed: None, connection: Connection
) -> None:
    organization = World.create().organization
    pem = dkim.new_key("rsa")
    settings = {"host": "mail.denrei.jp", "sender_address": "anpi@mail.denrei.jp"}
    signing = {"dkim_selector": "k1", "dkim_key": Secret(pem), "dkim_domain": "denrei.jp"}
    register(organization, Smtp(**settings, **signing), SAFE)  # type: ignore[arg-type]
    domains, _ = senders.in_use(connection, SAFE)
    by_name = {domain.name: domain for domain in domains}

    assert {"k1": dkim.public_part(dkim.read_key(pem))} == by_name["denrei.jp"].keys
    assert not by_name["denrei.jp"].is_author
    assert {} == by_name["mail.denrei.jp"].keys
    told = found({(f"k2._domainkey.{NAME}", "TXT"): ["x"]}, by_name["denrei.jp"])
    assert [f"DKIM（k1._domainkey.{NAME}）"] == list(told)
