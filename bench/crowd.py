"""A crowd for the address book: Japanese names by their frequency, units, groups, positions, two contacts each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import psycopg

from denrei.domain import text
from tools import ground

#: Units of two levels, groups, positions.
_BRANCHES, _UNITS, _GROUPS, _POSITIONS = 10, 200, 120, 20
#: Family names with their readings; the first are the most frequent. 龍造寺 and 鷺沼 are rare on purpose.
_FAMILIES = """
佐藤 さとう 鈴木 すずき 高橋 たかはし 田中 たなか 伊藤 いとう 渡辺 わたなべ 山本 やまもと 中村 なかむら 小林 こばやし 加藤 かとう
吉田 よしだ 山田 やまだ 佐々木 ささき 山口 やまぐち 松本 まつもと 井上 いのうえ 木村 きむら 林 はやし 斎藤 さいとう 清水 しみず
山崎 やまざき 森 もり 池田 いけだ 橋本 はしもと 阿部 あべ 石川 いしかわ 山下 やました 中島 なかじま 石井 いしい 小川 おがわ
前田 まえだ 岡田 おかだ 長谷川 はせがわ 藤田 ふじた 後藤 ごとう 近藤 こんどう 村上 むらかみ 遠藤 えんどう 青木 あおき 坂本 さかもと
福田 ふくだ 太田 おおた 西村 にしむら 藤井 ふじい 金子 かねこ 岡本 おかもと 藤原 ふじわら 中野 なかの 三浦 みうら 原田 はらだ
髙﨑 たかさき 若林 わかばやし 和田 わだ 渡部 わたべ 渡邊 わたなべ 鷺沼 さぎぬま 龍造寺 りゅうぞうじ
"""
_RARE = frozenset({"鷺沼", "龍造寺"})
_GIVEN = """
翔太 しょうた 蓮 れん 大翔 ひろと 健 けん 誠 まこと 隆 たかし 浩 ひろし 和也 かずや 直樹 なおき 健太 けんた 優 ゆう 学 まなぶ 実 みのる
陽菜 ひな 結衣 ゆい 葵 あおい 美咲 みさき 花子 はなこ 恵子 けいこ 幸子 さちこ 裕子 ゆうこ 真由美 まゆみ 久美子 くみこ 由美 ゆみ
明美 あけみ 愛 あい 彩 あや 舞 まい 恵 めぐみ 千尋 ちひろ 龍之介 りゅうのすけ 桜 さくら 凛 りん 太郎 たろう 一郎 いちろう 三郎 さぶろう
"""
_DOMAINS = "docomo.ne.jp ezweb.ne.jp softbank.ne.jp gmail.com yahoo.co.jp icloud.com city.example.jp example.com"
#: Slots that a name is drawn from.
_SLOTS = 997

_DRAWN = "CREATE TEMPORARY TABLE drawn (kind text, slot int, name text, kana text, folded text, PRIMARY KEY (kind, slot))"
_PEOPLE = """
INSERT INTO recipient (organization_id, code, name, kana, search, unit_id, state, updated_at)
SELECT %(o)s, code, name, kana, folded || ' ' || lower(code) || ' ' || mail || ' ' || phone, unit_id,
       CASE WHEN g %% 50 = 0 THEN 2 ELSE 1 END, now() - (g %% 40000) * interval '1 minute'
  FROM (SELECT g, to_char(g, 'FMA0000000') AS code, f.name || ' ' || n.name AS name, f.kana || ' ' || n.kana AS kana,
               f.folded || n.folded || ' ' || f.kana || n.kana AS folded,
               'u' || to_hex(hashint4(g) & 2147483647) || '@' || d.name AS mail,
               '+8190' || to_char(hashint4(-g) & 67108863, 'FM00000000') AS phone, u.id AS unit_id
          FROM generate_series(%(first)s, %(last)s) g
          JOIN drawn f ON f.kind = 'family' AND f.slot = (hashint4(g) & 2147483647) %% %(slots)s
          JOIN drawn n ON n.kind = 'given' AND n.slot = (hashint4(g + 7) & 2147483647) %% %(slots)s
          JOIN drawn d ON d.kind = 'domain' AND d.slot = (hashint4(g + 9) & 2147483647) %% %(slots)s
          JOIN unit u ON u.organization_id = %(o)s AND u.code = 'U' || 1 + g %% %(units)s ORDER BY g) person
"""
_BELONGINGS = (
    (
        "INSERT INTO contact (organization_id, recipient_id, medium, address, address_key, state)"
        " SELECT %(o)s, id, 1, m, m, CASE WHEN id %% 20 = 0 THEN 0 ELSE 1 END"
        " FROM (SELECT id, split_part(search, ' ', 4) m FROM recipient) r"
    ),
    (
        "INSERT INTO contact (organization_id, recipient_id, medium, address, address_key, state)"
        " SELECT %(o)s, id, 2, p, p, 1 FROM (SELECT id, split_part(search, ' ', 5) p FROM recipient) r"
    ),
    (
        "INSERT INTO contact_group (organization_id, code, name) SELECT %(o)s, 'G' || g,"
        " CASE g WHEN 1 THEN '消防団' WHEN 2 THEN '川沿い地区' ELSE '第' || g || '自治会' END"
        " FROM generate_series(1, %(groups)s) g"
    ),
    (
        "INSERT INTO group_member (organization_id, group_id, recipient_id) SELECT %(o)s, g.id, r.id"
        " FROM recipient r JOIN contact_group g ON g.code = 'G' || 1 + r.id %% %(groups)s"
    ),
    (
        "INSERT INTO position (organization_id, code, name) SELECT %(o)s, 'P' || g,"
        " CASE g WHEN 1 THEN '班長' ELSE '役員' || g END FROM generate_series(1, %(positions)s) g"
    ),
    (
        "INSERT INTO position_holder (organization_id, position_id, recipient_id) SELECT %(o)s, p.id, r.id"
        " FROM recipient r JOIN position p ON p.code = 'P' || 1 + r.id / 20 %% %(positions)s WHERE r.id %% 20 = 3"
    ),
)
#: People written by one statement.
_PIECE = 100_000


def gathered(where: ground.Ground, people: int) -> None:
    """Make an organization with so many people, each with a mail address and a number."""
    from django.db import connection

    from denrei.accounts import tenancy

    where.people(0)
    _units(where)
    given = {
        "o": where.organization.pk,
        "slots": _SLOTS,
        "units": _UNITS,
        "groups": _GROUPS,
        "positions": _POSITIONS,
    }
    with tenancy.acting_for(where.organization.pk), connection.cursor() as cursor:
        cursor.execute(_DRAWN)
        cursor.executemany("INSERT INTO drawn VALUES (%s, %s, %s, %s, %s)", list(_drawn()))
        for first in range(1, people + 1, _PIECE):
            last = min(people, first + _PIECE - 1)
            cursor.execute(_PEOPLE, {**given, "first": first, "last": last})
        for statement in _BELONGINGS:
            cursor.execute(statement, given)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")  # as autovacuum does meanwhile


def _units(where: ground.Ground) -> None:
    """Make ten branches with twenty units each: U1 to U200 below B1 to B10."""
    from denrei.accounts import units

    branches = [
        units.add(where.organization, f"B{number}", f"第{number}支部")
        for number in range(1, _BRANCHES + 1)
    ]
    for number in range(1, _UNITS + 1):
        above = branches[number % _BRANCHES]
        units.add(where.organization, f"U{number}", f"第{number}班", above)


def _drawn() -> Iterator[tuple[str, int, str, str, str]]:
    """Yield what people are made of: kind, slot, name, reading, folded name."""
    for kind, words in (("family", _FAMILIES), ("given", _GIVEN)):
        said = iter(words.split())
        pairs = list(zip(said, said, strict=True))
        for slot, (name, kana) in enumerate(_weighted(pairs)):
            yield kind, slot, name, kana, text.fold(name)
    domains = _DOMAINS.split()
    for slot in range(_SLOTS):
        yield "domain", slot, domains[slot % len(domains)], "", ""


def _weighted(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return a name for each slot: by rank, as names are spread; a rare one has one slot."""
    common = [pair for pair in pairs if pair[0] not in _RARE]
    rare = [pair for pair in pairs if pair[0] in _RARE]
    weights = [1 / (rank + 8) for rank in range(len(common))]
    slots = _SLOTS - len(rare)
    bounds = [round(slots * sum(weights[: rank + 1]) / sum(weights)) for rank in range(len(common))]
    drawn = [
        common[next(i for i, bound in enumerate(bounds) if slot < bound)] for slot in range(slots)
    ]
    return drawn + rare
