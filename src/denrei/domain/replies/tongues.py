"""What `words` says, in other languages than English (lower case).

The nouns for whom a mail is written to and the ways to say "there is none" are listed for each
language and joined, so that a wording nobody has seen yet is understood as well.
"""

from __future__ import annotations


def any_of(*rows: str) -> str:
    """Return a pattern that fits where one of the rows does."""
    return "|".join(f"(?:{row})" for row in rows)


#: Some words of the same sentence.
_SOME = r"[^.;。！]{0,40}"


def _of(nouns: str, none: str) -> str:
    """Return a pattern for a noun and its absence in one sentence, in either order."""
    return rf"(?<!\w)(?:{nouns})\w{{0,4}}\b{_SOME}(?:{none})|(?:{none}){_SOME}(?<!\w)(?:{nouns})"


NO_USER = any_of(
    _of(  # German
        r"benutzer|empf(?:ä|ae)nger|adressat|postfach|mailbox|konto|nutzer|e-?mail-?adresse",
        r"(?:un|nicht )bekannt|unbekannte[rsn]?|existiert nicht|nicht (?:gefunden|vorhanden|ermittelt)|gibt es nicht|ung(?:ü|ue)ltig",
    ),
    _of(  # French
        r"destinataire|utilisateur|adresse|bo[iî]te|compte|usager",
        r"\binconnue?\b|\binvalide\b|inexistante?|n'existe (?:pas|plus)|introuvable|non r[eé]pertori[eé]e?|non recens[eé]e?|n'a pas [eé]t[eé] trouv[eé]",
    ),
    _of(  # Spanish, Portuguese, Catalan
        r"usu[aá]ri[oa]|destinat[aá]ri[oa]|buz[oó]n|cuenta|conta|casilla|caixa postal|correo|direcci[oó]n|endere[cç]o",
        r"(?:no|n[aã]o) (?:existe|(?:fue |foi )?encontrad[oa]|v[aá]lid[oa]|es v[aá]lid[oa])|inexistente|inv[aá]lid[oa]|descon(?:oc|hec)id[oa]|no se (?:encuentra|encontr[oó])",
    ),
    r"\bno existe (?:dicha|ese|esa|el|la)\b",
    _of(  # Italian
        r"utente|destin(?:atario|\.)|casella|indirizzo|account",
        r"sconosciut[oa]|inesistente|non (?:esiste|trovat[oa]|valid[oa])|errat[oa]\b",
    ),
    r"\bnessun utente",
    _of(  # Dutch
        r"gebruiker|ontvanger|geadresseerde|postbus|mailbox|adres",
        r"onbekende?|bestaat niet|niet (?:gevonden|bekend)",
    ),
    _of(  # Polish, Czech, Slovak
        r"odbiorca|u[zż]ytkownik|konto|konta|adres|skrzynka|u[zž]ivatel|p[rř][ií]jemce|schr[aá]nka|adres[aá]t",
        r"nie (?:istnieje|ma takiego|znaleziono)|nieznany|neexistuje|nezn[aá]m[yýaá]|nenalezen",
    ),
    _of(  # Danish, Norwegian, Swedish
        r"bruge?r|bruker|mottagare|mottaker|modtager|anv[aä]ndare?|adress?e?n?|postkass[ea]|konto",
        r"ukjent|ukendt|ok[aä]nd|findes ikke|finnes ikke|finns inte|eksisterer ikke|existerar inte",
    ),
    _of(  # Finnish, Hungarian, Turkish
        r"k[aä]ytt[aä]j|vastaanottaj|felhaszn[aá]l[oó]|c[ií]mzett|kullan[iı]c[iı]|al[iı]c[iı]",
        r"ei (?:ole|l[oö]ydy)|tuntematon|ismeretlen|nem l[eé]tez|bulunamad[iı]|yok\b",
    ),
    _of(  # Russian, Ukrainian, Bulgarian
        r"пользовател|ящик|адрес|получател|адресат|абонент|аккаунт|користувач|отримувач|скринька|потребител",
        r"не (?:существует|найден|зарегистрирован|обнаружен|известен|існує|знайдено|съществува)|отсутствует|неизвестн|недействител|несуществующ|нет так|\bнет\b|невідом",
    ),
    # Japanese
    r"(?:ユーザ|メールアドレス|宛先|あて先|宛て先|送信先|受信者|受取人|アドレス|アカウント|メールボックス|電子メール)[^。]{0,30}(?:見つかりません|見つからな|存在しま?せ?[なん]|不明|ありません|間違って|誤って|登録されてい(?:ません|ない)|いません|無効|認識できません|使われて(?:いません|おりません|いない))",
    r"(?:存在しない|見つからない|不明な|無効な|間違った|登録のない|未登録の|誤った)[^。]{0,10}(?:ユーザ|メールアドレス|宛先|あて先|受信者|アドレス|アカウント)",
    r"あて先不明|宛先不明|宛先人不明|宛先エラー|ディレクトリ(?:の|に)[^。]{0,10}(?:ありません|見つかりません)",
    # Chinese, Korean
    r"(?:用户|收件人|邮箱|帐号|账号|地址|使用者|收件者|信箱|郵箱|帳號)[^。]{0,20}(?:不存在|未找到|找不到|无效|無效|错误|錯誤)|(?:没有|沒有|无|無|找不到|未知)(?:该|此|这个|這個)?(?:用户|收件人|使用者|收件者|邮箱|帳號)",
    r"(?:사용자|수신자|수신인|메일 ?주소|계정|받는 ?사람)[^.]{0,20}(?:찾을 수 없|존재하지 않|없습니다|알 수 없)|(?:존재하지 않는|없는|알 수 없는)[^.]{0,10}(?:사용자|수신자|메일 ?주소|계정)",
)
NO_HOST = any_of(
    r"(?:ホスト|ドメイン|サーバ)[^。]{0,20}(?:見つかりません|見つからな|不明|存在しま?せ?[なん])|(?:存在しない|不明な|無効な)(?:ホスト|ドメイン)",
    r"\bdom(?:ä|ae)nen?\b[^.;]{0,30}(?:nicht gefunden|existiert nicht|unbekannt|ung[uü]ltig)|\bunbekannter? (?:host|dom[aä]ne)",
    r"\bdom(?:aine|[ií]nio|inio)\b[^.;]{0,30}(?:inconnu|inexistant|n'existe pas|(?:no|n[aã]o|non) (?:existe|esiste|encontrad|trovat)|inexistente|sconosciut|descon(?:oc|hec)id|inv[aá]lid)",
    r"(?:домен|хост)[^.;]{0,30}(?:не (?:существует|найден)|неизвест)|(?:域名|主机)[^。]{0,10}(?:不存在|找不到|未找到)",
)
CLOSED = any_of(
    r"(?:アカウント|メールボックス|アドレス|ユーザ|契約|サービス|利用|回線)[^。]{0,15}(?:停止|無効に|解約|休止|凍結|ロック|期限切れ)",
    r"\b(?:konto|postfach|mailbox|benutzer|empf[aä]nger)\b[^.;]{0,40}(?:deaktiviert|gesperrt|stillgelegt)",
    r"\b(?:compte|bo[iî]te|adresse|utilisateur)\b[^.;]{0,40}(?:d[eé]sactiv[eé]|suspendu|bloqu[eé]|ferm[eé])",
    r"\b(?:usu[aá]rio|cuenta|conta|casilla|buz[oó]n|caixa)\b[^.;]{0,40}(?:desactivad|desativad|suspendid|suspens[oa]|bloquead|inactiv|inativ|expirad|deshabilitad|cancelad)",
    r"\b(?:casella|utente|account|indirizzo|mailbox)\b[^.;]{0,40}(?:disabilitat|disatt+ivat|sospes|bloccat|scadut)",
    r"\b(?:konto|skrzynka)\b[^.;]{0,40}(?:zablokowan|nieaktywn|zawieszon)|(?:ящик|аккаунт|учетная запись|пользователь)[^.;]{0,40}(?:заблокирован|отключен|приостановлен|неактив|закрыт)",
    r"(?:用户|邮箱|帐号|账号)[^。]{0,10}(?:停用|禁用|冻结|锁定)",
)
MOVED = r"(?:アドレス|メール)[^。]{0,15}変更(?:になり|しま|され)|\bhat die firma verlassen|\bnicht mehr (?:bei uns|im unternehmen)|\bne travaille plus|\bya no trabaja"
FULL = any_of(
    r"(?:メールボックス|受信箱|ボックス|ディスク)[^。]{0,20}(?:いっぱい|一杯|満杯|容量|上限)|容量[^。]{0,10}(?:超|オーバー|不足)|受信(?:可能)?容量",
    r"\bpostfach\b[^.;]{0,30}voll|\bzu ?viele mails auf dem server|\bspeicher(?:platz)?\b[^.;]{0,30}(?:ersch(?:ö|oe)pft|überschritten|voll)",
    r"\bbo[iî]te\b[^.;]{0,40}plein|\b(?:buz[oó]n|casilla|cuenta)\b[^.;]{0,30}llen[oa]|\bcasella\b[^.;]{0,30}pien[oa]|\bcaixa\b[^.;]{0,30}(?:chei[oa]|lotada)|\bcuota\b[^.;]{0,30}(?:exced|super)",
    r"ящик[^.;]{0,30}(?:переполнен|заполнен|полон)|квот[^.;]{0,30}(?:превыш|исчерпан)|(?:邮箱|信箱|空间)[^。]{0,10}(?:已?满|已?滿|不足)",
)
THEIR_CHOICE = (
    r"指定受信|受信拒否|受信を拒否|受信設定(?:により|で)|迷惑メール(?:設定|フィルタ)[^。]{0,20}拒否"
)
