"""The words of recipients' pages in both languages.

Plain values and no gettext catalogue: a catalogue must be compiled to be of use, a missing
translation would fall back in silence, and a page can be read in the language of the person whatever
the process speaks. A field without its English fails at import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from denrei.responses.answering import COMMENT_CHARACTERS, Fault
from denrei.responses.models import Source

DEFAULT = "ja"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything that a page says by itself; {} stands for what is filled in."""

    #: Of this language, for the link that leads to it.
    own_name: str
    #: After a person's name.
    honorific: str
    #: Between names.
    comma: str
    drill: str
    drill_line: str
    ask_title: str
    confirm_title: str
    sent: str
    message: str
    occurred: str
    place: str
    situation: str
    instruction: str
    signed: str
    ended: str
    followed: str
    legend: str
    press_one: str
    #: Beside an answer: it was the last one; it was pressed and could not be taken.
    last: str
    pressed: str
    before: str
    before_note: str
    more: str
    who: str
    sources: Mapping[str, str]
    comment: str
    optional: str
    comment_limit: str
    then_answer: str
    then_confirm: str
    confirm: str
    not_yet_answer: str
    not_yet_confirm: str
    emergency: str
    wrong_title: str
    faults: Mapping[Fault, str]
    answered_title: str
    confirmed_title: str
    thanks: str
    name: str
    given: str
    confirmed: str
    at: str
    by: str
    stopped: str
    others_title: str
    others_note: str
    answer_for: str
    change_title: str
    change_note: str
    change: str
    change_to: str
    only_for: str
    contact: str


JAPANESE = Words(
    own_name="日本語",
    honorific="さん",
    comma="、",
    drill="訓練",
    drill_line="これは訓練です。訓練として回答してください。",
    ask_title="この連絡に回答してください",
    confirm_title="この連絡を確認してください",
    sent="{} 送信",
    message="連絡の内容",
    occurred="日時",
    place="場所",
    situation="状況",
    instruction="指示",
    signed="発信者",
    followed="この連絡の後に「{}」を送信しました。後の連絡の内容に従ってください。",
    ended="この連絡の受付期間は終わりましたが、今からでも回答できます。期間後の回答として記録します。",
    legend="回答",
    press_one="1つ押すと、すぐに回答します",
    last="前回の回答",
    pressed="押した回答",
    before="前回の回答：",
    before_note="変更する場合は、下から新しい回答を押してください。",
    more="本人以外が回答する・ひとこと添える",
    who="回答する方",
    sources={Source.SELF: "本人", Source.FAMILY: "家族", Source.PROXY: "代理の方"},
    comment="ひとこと",
    optional="任意",
    comment_limit=f"{COMMENT_CHARACTERS}文字以内",
    then_answer="このあと、下の回答を1つ押してください。一緒に届きます。",
    then_confirm="このあと、下のボタンを押してください。一緒に届きます。",
    confirm="確認しました",
    not_yet_answer="このページを開いただけでは、回答になりません。回答は後から変更できます。",
    not_yet_confirm="このページを開いただけでは、確認になりません。",
    emergency="命に関わる場合は、119番に通報してください。",
    wrong_title="まだ回答できていません",
    faults={
        Fault.STRANGER: "この連絡の宛先にない方の回答でした。下の欄から、もう一度回答してください。",
        Fault.NO_CHOICE: "回答が選ばれていません。下の回答を1つ押してください。",
        Fault.UNKNOWN_CHOICE: "この連絡にない回答でした。下の回答を1つ押してください。",
        Fault.UNKNOWN_SOURCE: "「回答する方」を選び直してください。",
        Fault.LONG_COMMENT: f"ひとことが{{}}文字あります。{COMMENT_CHARACTERS}文字以内に短くして、もう一度回答を押してください。",
    },
    answered_title="回答を受け付けました",
    confirmed_title="確認を受け付けました",
    thanks="ありがとうございます。確かに記録しました。",
    name="氏名",
    given="回答",
    confirmed="確認しました",
    at="受付",
    by="回答者",
    stopped="{}への、この連絡の残りの送信は取り消します。すでに送信中のものは届くことがあります。",
    others_title="ほかの方の回答",
    others_note="同じ宛先の、まだ回答していない方です。続けて回答してください。",
    answer_for="{}の回答へ進む",
    change_title="状況が変わったら",
    change_note="何度でも変更でき、ひとことも添えられます。最後の回答を今の状況とみなし、前の回答も記録に残します。",
    change="回答を変更する",
    change_to="「{}」に変更する",
    only_for="このページは{}専用です。ほかの方に転送しないでください。",
    contact="お問い合わせ：",
)
ENGLISH = Words(
    own_name="English",
    honorific="",
    comma=", ",
    drill="DRILL",
    drill_line="This is a drill. Please answer as part of the drill.",
    ask_title="Please answer this message",
    confirm_title="Please confirm this message",
    sent="Sent {}",
    message="Message",
    occurred="When",
    place="Where",
    situation="What",
    instruction="Do",
    signed="From",
    followed="A later message followed this one: “{}”. Go by the later one.",
    ended="The time for answers is over, but you can still answer. It is recorded as a late answer.",
    legend="Answer",
    press_one="One press answers at once",
    last="Your last answer",
    pressed="You pressed this",
    before="Your last answer: ",
    before_note="To change it, press the new answer below.",
    more="Answer for somebody else, or add a note",
    who="Who is answering",
    sources={
        Source.SELF: "Myself",
        Source.FAMILY: "Family",
        Source.PROXY: "Somebody else",
    },
    comment="Note",
    optional="Optional",
    comment_limit=f"At most {COMMENT_CHARACTERS} characters",
    then_answer="Then press one of the answers below. It is sent along.",
    then_confirm="Then press the button below. It is sent along.",
    confirm="Confirm",
    not_yet_answer="Opening this page is not an answer. You can change your answer later.",
    not_yet_confirm="Opening this page confirms nothing.",
    emergency="If a life is in danger, call 119.",
    wrong_title="You have not answered yet",
    faults={
        Fault.STRANGER: "That was an answer for a person who is not on this page. Please answer again below.",
        Fault.NO_CHOICE: "No answer was chosen. Please press one of the answers below.",
        Fault.UNKNOWN_CHOICE: "That answer does not belong to this message. Please press one below.",
        Fault.UNKNOWN_SOURCE: "Please choose again who is answering.",
        Fault.LONG_COMMENT: f"Your note has {{}} characters. Please shorten it to {COMMENT_CHARACTERS} and press your answer again.",
    },
    answered_title="We received your answer",
    confirmed_title="We received your confirmation",
    thanks="Thank you. It is recorded.",
    name="Name",
    given="Answer",
    confirmed="Confirmed",
    at="Received",
    by="By",
    stopped="Further messages to {} about this are cancelled. One that is on its way may still arrive.",
    others_title="Others at this address",
    others_note="They have not answered yet. Please go on with their answers.",
    answer_for="Answer for {}",
    change_title="If things change",
    change_note="You can change your answer as often as you like, and add a note. The last one counts; earlier ones are kept.",
    change="Change the answer",
    change_to="Change to “{}”",
    only_for="This page is only for {}. Please do not forward it.",
    contact="Questions: ",
)
LANGUAGES: Mapping[str, Words] = {"ja": JAPANESE, "en": ENGLISH}
