"""Mail domains of Japanese carriers and of a few providers with answers of their own.

A domain tells who answers a mail, never who serves the phone: since December 2021 an address can
be taken along to another carrier.
"""

from __future__ import annotations

from enum import StrEnum


class Provider(StrEnum):
    """Who runs the mailboxes of a domain."""

    DOCOMO = "docomo"
    AU = "au"
    SOFTBANK = "SoftBank"
    RAKUTEN = "Rakuten"
    UQ = "UQ mobile"
    YMOBILE = "Y!mobile"
    GMAIL = "Gmail"
    YAHOO_JAPAN = "Yahoo! JAPAN"
    ICLOUD = "iCloud"
    #: Everybody else: only what is true of all mail systems is known.
    OTHER = "other"


_DOMAINS: dict[Provider, tuple[str, ...]] = {
    Provider.DOCOMO: ("docomo.ne.jp",),
    Provider.AU: ("ezweb.ne.jp", "au.com", "biz.au.com"),
    Provider.SOFTBANK: (
        "softbank.ne.jp",
        "i.softbank.jp",
        "disney.ne.jp",
        *(f"{region}.vodafone.ne.jp" for region in "dhtckrnsq"),
        *(f"jp-{region}.ne.jp" for region in "ktqsnchdr"),
    ),
    Provider.RAKUTEN: ("rakumail.jp",),
    Provider.UQ: ("uqmobile.jp",),
    Provider.YMOBILE: ("ymobile.ne.jp", "willcom.com", "pdx.ne.jp", "emnet.ne.jp"),
    Provider.GMAIL: ("gmail.com", "googlemail.com"),
    Provider.YAHOO_JAPAN: ("yahoo.co.jp",),
    Provider.ICLOUD: ("icloud.com", "me.com", "mac.com"),
}
_PROVIDERS = {domain: provider for provider, domains in _DOMAINS.items() for domain in domains}
#: Providers that gave subdomains to their customers: `name@t5.ezweb.ne.jp`.
_WITH_SUBDOMAINS = {"ezweb.ne.jp", "pdx.ne.jp"}


def provider(domain: str) -> Provider:
    """Return who answers for `domain`."""
    name = domain.lower()
    if name in _PROVIDERS:
        return _PROVIDERS[name]
    parent = next((one for one in _WITH_SUBDOMAINS if name.endswith(f".{one}")), "")
    return _PROVIDERS.get(parent, Provider.OTHER)


def provider_of_host(host: str) -> Provider:
    """Return whose mail server it is: `mfsmax.docomo.ne.jp` is docomo's."""
    labels = host.lower().split(".")[-6:]
    names = (".".join(labels[at:]) for at in range(len(labels)))
    return next((_PROVIDERS[name] for name in names if name in _PROVIDERS), Provider.OTHER)
