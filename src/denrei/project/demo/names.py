"""Names of the invented people and places: common ones of Japan, in every hard way to write them.

髙, 﨑, 𠮷, 邉, 齋 and 濵 are there on purpose: they are outside ISO-2022-JP or JIS X 0208, or
outside the BMP. No municipality, school or person of these names is meant.
"""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A part of a name: as written, as read, as in an address."""

    kanji: str
    kana: str
    roman: str


class Place(NamedTuple):
    """A unit people belong to."""

    code: str
    name: str


CITY = "みなと見市"


def _names(text: str) -> tuple[Name, ...]:
    return tuple(Name(*word.split("/")) for word in text.split())


FAMILY = _names("""
佐藤/さとう/sato 鈴木/すずき/suzuki 髙橋/たかはし/takahashi 高橋/たかはし/takahashi
田中/たなか/tanaka 伊藤/いとう/ito 渡辺/わたなべ/watanabe 渡邉/わたなべ/watanabe
渡邊/わたなべ/watanabe 山本/やまもと/yamamoto 中村/なかむら/nakamura 小林/こばやし/kobayashi
加藤/かとう/kato 𠮷田/よしだ/yoshida 吉田/よしだ/yoshida 山田/やまだ/yamada 佐々木/ささき/sasaki
山口/やまぐち/yamaguchi 松本/まつもと/matsumoto 井上/いのうえ/inoue 木村/きむら/kimura
林/はやし/hayashi 齋藤/さいとう/saito 斎藤/さいとう/saito 清水/しみず/shimizu
山﨑/やまざき/yamazaki 山崎/やまざき/yamazaki 森/もり/mori 池田/いけだ/ikeda
橋本/はしもと/hashimoto 阿部/あべ/abe 石川/いしかわ/ishikawa 前田/まえだ/maeda
藤田/ふじた/fujita 後藤/ごとう/goto 長谷川/はせがわ/hasegawa 村上/むらかみ/murakami
近藤/こんどう/kondo 石井/いしい/ishii 坂本/さかもと/sakamoto 遠藤/えんどう/endo
青木/あおき/aoki 西村/にしむら/nishimura 福田/ふくだ/fukuda 太田/おおた/ota 三浦/みうら/miura
岡本/おかもと/okamoto 中川/なかがわ/nakagawa 濵田/はまだ/hamada 五十嵐/いがらし/igarashi
""")

GIVEN = _names("""
太郎/たろう/taro 花子/はなこ/hanako 健一/けんいち/kenichi 美咲/みさき/misaki 翔太/しょうた/shota
陽子/ようこ/yoko 大輔/だいすけ/daisuke 恵子/けいこ/keiko 拓也/たくや/takuya 由美/ゆみ/yumi
誠/まこと/makoto 愛/あい/ai 直樹/なおき/naoki 真由美/まゆみ/mayumi 浩/ひろし/hiroshi
智子/ともこ/tomoko 剛/つよし/tsuyoshi 久美子/くみこ/kumiko 和也/かずや/kazuya 裕子/ゆうこ/yuko
隆/たかし/takashi さくら/さくら/sakura 修/おさむ/osamu 千春/ちはる/chiharu 徹/とおる/toru
明美/あけみ/akemi 亮/りょう/ryo 奈緒/なお/nao 学/まなぶ/manabu 礼子/れいこ/reiko
一郎/いちろう/ichiro 麻衣/まい/mai 勇/いさむ/isamu 彩/あや/aya 進/すすむ/susumu 舞/まい/mai
""")

CHILD = _names("""
蓮/れん/ren 陽葵/ひまり/himari 湊/みなと/minato 凛/りん/rin 碧/あお/ao 結菜/ゆいな/yuina
悠真/ゆうま/yuma 芽依/めい/mei 樹/いつき/itsuki 紬/つむぎ/tsumugi 颯/そう/so 咲良/さくら/sakura
""")

#: Who is written to in English.
FOREIGN = _names("""
Maria_Santos/まりあ・さんとす/maria.santos John_Miller/じょん・みらー/john.miller
Nguyen_Van_An/ぐえん・ばん・あん/nguyen.an Priya_Sharma/ぷりや・しゃるま/priya.sharma
Li_Wei/りー・うぇい/li.wei Ana_Souza/あな・そうざ/ana.souza
""")


def _places(prefix: str, words: str) -> tuple[Place, ...]:
    return tuple(Place(f"{prefix}{i:02}", word) for i, word in enumerate(words.split(), 1))


OFFICES = _places(
    "1",
    "防災危機管理課 総務課 企画課 財政課 税務課 市民課 福祉課 こども課 健康課 環境課 "
    "産業課 農林水産課 道路課 都市計画課 建築課 上下水道課 会計課 教育総務課",
)
BRANCHES = _places(
    "2",
    "北浜支所 南丘支所 東原支所 中央消防署 北浜消防署 市民病院 中央図書館 みなと保育園 "
    "おか保育園 清掃センター 浄水場 給食センター",
)
BRIGADES = _places("3", " ".join(f"消防団第{i}分団" for i in range(1, 9)))
SCHOOLS = _places(
    "4",
    "北浜小学校 南丘小学校 東原小学校 汐風小学校 灯台小学校 みなと見第一中学校 みなと見第二中学校",
)
