"""Where a text sends its reader: addresses of the web and of mail, telephone numbers, names in messengers, accounts.

A newspaper prints them, and then they answer who asks for them; anywhere else they lead a reader away.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["link", "disguised_link", "mail", "phone", "messenger", "account"]
_DOT = r"\s?(?:[\[({（【<]\s?(?:\.|。|．|dot|点)\s?[\])}）】>]|(?<=[a-z0-9])(?:。|．)(?=[a-z0-9])|(?<=[a-z0-9])(?: ?点 ?| dot ?|dot )(?=[a-z]{2}))\s?"
_TOP = r"(?:com|cn|net|org|info|top|xyz|io|gov|edu|cc|me|app|site|online|shop|vip|club|example|test|ru|tk|link|live|work|icu|co|biz|tv)"
_NAME = r"[a-z0-9-]{1,63}"
# Every repetition is bounded: what is searched may be anything.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("disguised_link", rf"(?<![a-z0-9])h(?:xx|\*\*|__)ps?(?:[:：]|\[:\])?(?:/{{0,2}})\S{{0,300}}|(?<![a-z0-9])https?\s?(?:\[:\]|：|\[:)\S{{0,300}}|(?<![a-z0-9-]){_NAME}(?:\.{_NAME}){{0,4}}(?:{_DOT}{_NAME}){{0,4}}{_DOT}{_TOP}(?![a-z0-9])\S{{0,300}}"),
    ("mail", rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]{{1,64}}\s?(?:@|[\[({{（【](?:at|艾特|@)[\])}}）】])\s?{_NAME}(?:\.{_NAME}){{1,5}}"),
    ("link", rf"(?:https?|ftp|file|data|javascript):\S{{1,500}}|(?<![a-z0-9])www\.{_NAME}\.\S{{1,500}}|!?\[[^\]\n]{{0,200}}\]\([^)\n]{{0,500}}\)|<!--|</?[a-z][a-z0-9-]{{0,30}}(?:\s[^<>]{{0,300}})?/?>|\[[^\]]{{1,200}}\]:\s{{0,3}}\S{{1,500}}|(?<![a-z0-9.-])(?:{_NAME}\.){{1,6}}{_TOP}(?![a-z0-9])\S{{0,300}}"),
    ("messenger", r"(?:微信|威信|薇信|加v|vx|wechat|weixin|qq|扣扣|企鹅|telegram|电报|tg|whatsapp|(?<![a-z])line|signal|飞机|钉钉)(?:号|群号?|id|账号|帐号|公众号|客服|好友)?(?:码|为|是|[：:])?\s?[：:]?\s?@?(?=[a-z0-9_-]{0,32}\d|[a-z]{1,32}_)[a-z0-9_-]{5,32}|(?<![\w@.])@[a-z][a-z0-9_]{4,32}|(?<![a-z0-9])(?:wx|vx|qq|tg|wxid)_?[a-z0-9_]{0,24}\d[a-z0-9]{0,24}(?![a-z0-9])|(?<![a-z0-9])t\.me/\S{1,64}|(?:加|进|入)(?:群|微|q)[：:]?\s?[a-z0-9_-]{5,32}"),
    ("account", r"(?<![\d.])(?:\d[ -]?){15,18}[\dx](?![\d.])|(?:账号|帐号|卡号|账户|支付宝)[^，。；\d]{0,8}[：:]?\s?\d[\d -]{6,24}"),
    ("phone", r"\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,6}(?!\d)|(?:whatsapp|signal|viber|zalo)[^，。；\d]{0,10}\d[\d -]{5,20}\d|(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|(?<![\d.])\(?0\d{2,3}[) -]{1,2}\d{7,8}(?!\d)|(?<![\d.])(?:400|800)[ -]?\d{3}[ -]?\d{4}(?!\d)|(?:电话|热线|致电|拨打?|来电|手机号?码?|号码|联系|咨询|客服|传真|(?<![a-z])tel|(?<![a-z])call|(?<![a-z])phone|(?<![a-z])dial|(?<![a-z])hotline)[^，。；\d]{0,10}[：:]?\s?\+?\d[\d -]{3,20}\d"),
)  # fmt: skip
_CONTACTS = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS), re.IGNORECASE)
_DISGUISED = re.compile(dict(_PATTERNS)["disguised_link"], re.IGNORECASE)
_MAY_DISGUISE = re.compile(
    r"h(?:xx|\*\*|__)p|https?\s?[\[：]|[\[({（【<]\s?(?:[.。．]|dot|点)|[a-z0-9] ?(?:。|点|dot) ?[a-z]", re.IGNORECASE
)
_ASKED = re.compile(
    r"电话|热线|号码|拨打|联系|网址|网站|网页|链接|邮箱|邮件|微信|公众号|qq|账号|帐号|咨询|报名|预约|投诉|举报|订票|购票|登录|下载|扫码|二维码|"
    r"\b(?:phone|telephone|number to call|hotline|contact|website|web ?site|web address|url|link|e-?mail|wechat|register|sign up|book|account|reach)\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"[^0-9a-z@]+")


@dataclass(frozen=True, slots=True)
class Contact:
    """A stretch of a text that sends its reader somewhere: text[start:end]."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        """Its letters and figures alone: what it is, however it is set."""
        return _FIGURES.sub("", unicodedata.normalize("NFKC", self.text).casefold())


def find_contacts(text: str) -> tuple[Contact, ...]:
    """Return where a text sends its reader, from left to right."""
    plain = "".join(_narrow(character) for character in text)
    return tuple(
        Contact(match.lastgroup, match.start(), match.end(), text[match.start() : match.end()])  # type: ignore[arg-type]
        for match in _CONTACTS.finditer(plain)
    )


def has_disguised_link(text: str) -> bool:
    """Whether a text has an address that is written so that no filter knows it: hxxp://example[.]org."""
    return _MAY_DISGUISE.search(text) is not None and _DISGUISED.search(text) is not None


def asks_for_contact(question: str) -> bool:
    """Whether a question wants to be sent somewhere."""
    return _ASKED.search(question) is not None


def _narrow(character: str) -> str:
    """The character in the width of Latin type, where that is one character too."""
    folded = unicodedata.normalize("NFKC", character) if "\uff01" <= character <= "\uff5e" else character
    return folded if len(folded) == 1 and character not in "：（）" else character
