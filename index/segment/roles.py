"""What a paragraph of a newspaper page is by its form: text, headline, caption, continuation line, signature, page furniture."""

import re
from typing import Literal

from index.repair.lines import is_closed

Role = Literal["text", "heading", "caption", "continuation", "signature", "byline", "furniture", "listing"]
"""listing: rows of a table or lines of a list. signature: who wrote or supplied it, in brackets under the text. byline: the author on a line of its own above it.
furniture: what belongs to the page and to no article (date line, editors, section name)."""
HEADLINE_CHARACTERS = 45
HEADLINE_CHARACTERS_LATIN = 90
CAPTION_CHARACTERS = 80
LONG_CAPTION_CHARACTERS = 200
"""A picture that tells a story by itself has two or three sentences."""
SIGNATURE_CHARACTERS = 40
_LATIN_DATELINE = (
    r"By[ ](?:our[ ](?:staff[ ])?reporter|[A-Z][\w.]+(?:[ ][A-Z][\w.]+){1,3}$)"
    r"|[A-Z][A-Za-z, ]+(?:\d{1,2}[ ])?\([A-Z][A-Za-z ]+\)[ ]?[-—]"
)
DATELINE = re.compile(
    rf"""
    \A(?:
    本报[^，。]{{0,8}}讯
    | 本报[\u4e00-\u9fff]{{2,4}}\d{{1,2}}月\d{{1,2}}日(?:电|讯)              # 本报北京6月5日电
    | 本报(?:记者|通讯员|评论员)
    | 新华社[^，。]{{1,12}}电
    | [\u4e00-\u9fff]{{2,8}}[网社报][^，。（(]{{0,10}}\d{{1,2}}月\d{{1,2}}日[电讯]  # 中新网北京6月5日电
    | 讯[（(\s]
    | [（(](?:记者|通讯员)[^（）()]{{1,40}}[）)]
    | \d{{4}}年\d{{1,2}}月\d{{1,2}}日讯
    | {_LATIN_DATELINE}
    )
    """,
    re.VERBOSE,
)
"""How an article begins that says where it comes from."""
_BYLINE_IN_DATELINE = re.compile(r"^.{0,24}?[（(]\s*((?:本报|实习)?(?:记者|通讯员|特约|见习)[^（）()]{1,60})[）)]")
NOTE = re.compile(r"(?:编者按|编者的话|编后|开栏的话|编辑点评|【编者按】)(?:[：:\s】]|(?<=】))")
CONTINUATION_LINE = re.compile(
    r"""
    [（(【]?\s{0,4}
    (?P<way>[上下])\s{0,4}[接转]\s{0,4}  # 上接, 下转
    (?:本报)?第?\s{0,4}(?P<page>[0-9A-Z]{1,3}|[一二三四五六七八九十]{1,3})\s{0,4}版\s{0,4}
    [：:]?\s{0,4}[）)】]?
    """,
    re.VERBOSE,
)
CREDIT = re.compile(
    r"""
    (?:^|[\s。”）)/／])[\u4e00-\u9fff·]{1,8}(?:\s[\u4e00-\u9fff·]{2,4}){0,3}  # one name or several,
        \s{0,4}[/／]?\s{0,4}(?:摄(?:影)?|供图|图)\s{0,4}[）)]?$                         # then what they did
    | [（(][\u4e00-\u9fff]{2,12}(?:供图|摄)[）)]$
    | Photo[ ]by[ ][A-Z][\w. ]{1,60}$
    | ^[A-Z][\w.]+(?:[ ][A-Z][\w.]+){0,3}[ ]?/[ ]?Photo$
    """,
    re.VERBOSE,
)
_CAPTION_START = re.compile(r"[▼▲◀▶►◄△▽↑↓←→]|(?:[上下左右]|本)?图(?:为|[：:])|图[①-⑨一二三四1-9][：:为]|[（(]?资料图")
_LONG_CAPTION_START = re.compile(r"[▼◀▶►◄▽↑↓←→]|(?:[上下左右]|本)?图(?:为|[：:])")
"""What begins no item of a list and no paragraph either."""
POINTER = re.compile(r"[▼▲◀▶►◄△▽↑↓←→]")
_BRACKETED = re.compile(r"^[（(【].*[）)】]$")
_AUTHOR_LINE = re.compile(
    r"""
    ^(?:[■□●◆]\s*)?(?:本报)?(?:记者|通讯员|实习生|作者|撰文|文)[\s:：/／]{0,2}
        [\u4e00-\u9fff·]{1,4}(?:[\s、]+(?:记者|通讯员|[\u4e00-\u9fff·]{2,4})){0,6}  # names, each with its role or not
        (?:\s*(?:文|摄|摄影|报道|/摄))?$
    | ^By[ ][A-Z][\w.]+(?:[ ][A-Z][\w.]+){1,3}$
    """,
    re.VERBOSE,
)
_PAGE_FURNITURE = re.compile(
    r"""
    ^(?:
        \d{4}年\d{1,2}月\d{1,2}日\s*(?:星期.|周.|第|农历|.{0,4}版|[\u4e00-\u9fff]{2}年)  # the date line
        | (?:责任编辑|责编|版式|美编|校对|值班|编辑)[\s:：/／]
        | 第?\s*[0-9A-Z一二三四五六七八九十]{1,3}\s*版(?:\s*[\u4e00-\u9fff]{2,4})?$        # 第2版 要闻
        | [A-Z]?\d{1,2}\s+[\u4e00-\u9fff]{2,4}$                                         # A02 要闻
        | (?:要闻|综合|新闻|副刊|专版|专题|广告|时政|社会|文化|民生)$
        | (?:投稿|联系|新闻热线|热线|邮箱|电子邮箱|E-?mail|网址|国内统一|CN\s?\d|总第|今日\S{1,4}版|本报地址|邮编)
    )
    """,
    re.VERBOSE,
)
FOLIO = re.compile(
    r"[-—–·•\s]{1,6}\d{1,4}[-—–·•\s]{1,6}|第\s?\d{1,4}\s?页(?:[\s，,/]{0,3}共\s?\d{1,4}\s?页)?|(?i:page)\s\d{1,4}(?:\sof\s\d{1,4})?"
    r"|\d{1,4}\s?/\s?\d{1,4}"
)
"""A page's number on a line of its own: — 2 —, 第2页 共8页, 2/8."""
ISSUING_BODY = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,6}[区市县乡镇])?[\u4e00-\u9fff]{0,10}(?:中心|局|委员会|办公室|馆|公司|街道办事处|政府|编辑部|报社|协会|分局|支队|联合会|指挥部)$"
    r"|^[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,3} (?:Library|Bureau|Office|Center|Centre|Committee|Government|Department)$"
)
SECTION = re.compile(
    r"关注|聚焦|副刊|深读|新貌|风采|专题|信息|走基层|专版|专刊|看台|广角|速览|播报|之窗|在线|连载|时评|视点|快讯|简讯|服务台|导读|传真|纵横|大家谈$|(?:生活|故事|民生)$"
)
DAY = re.compile(r"^\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日$")
ACTS = re.compile(r"[到在为与向赴被将进听]|检查|调研|召开|走访|揭牌|成立|启用|开放|会见|举行|慰问")
_SENTENCE_MARK = re.compile(r"[。；]")
_ASKS = re.compile(r"[？?！!]$")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def byline_of(text: str) -> tuple[str, ...]:
    """Return who wrote it, as its dateline or byline says: (记者 甲 通讯员 乙 丙) → 记者 甲, 通讯员 乙, 通讯员 丙."""
    found = _BYLINE_IN_DATELINE.match(text)
    named = found[1] if found else (text if _AUTHOR_LINE.match(text) else "")
    if named.startswith("By "):
        return (named[3:],)
    names: list[str] = []
    role = ""
    for word in re.split(r"[\s、，,：:/／■□●◆]+", named):
        known = re.match(r"((?:本报|实习|见习|特约)?(?:记者|通讯员)|实习生|作者)(.*)", word)
        if known:
            role, word = known[1].removeprefix("本报"), known[2]
        if word and word not in ("文", "摄", "摄影", "报道"):
            names.append(f"{role} {word}".strip())
    return tuple(names)


def role_of(text: str, lines: int) -> Role:
    """Return the role that a paragraph's form suggests.

    Args:
        text: repaired.
        lines: how many it was printed in.
    """
    is_latin = not _HAN.search(text)
    limit = HEADLINE_CHARACTERS_LATIN if is_latin else HEADLINE_CHARACTERS
    if CONTINUATION_LINE.fullmatch(text):
        return "continuation"
    if len(text) <= CAPTION_CHARACTERS and (_CAPTION_START.match(text) or CREDIT.search(text)):
        return "caption"
    if len(text) <= LONG_CAPTION_CHARACTERS and _LONG_CAPTION_START.match(text):
        return "caption"
    if _PAGE_FURNITURE.match(text) and len(text) <= HEADLINE_CHARACTERS and not is_closed(text):
        return "furniture"
    if _AUTHOR_LINE.match(text) and len(text) <= SIGNATURE_CHARACTERS and not SECTION.search(text):
        return "byline"
    if DATELINE.match(text) or NOTE.match(text):
        return "text"
    if _BRACKETED.match(text) and len(text) <= SIGNATURE_CHARACTERS:
        return "signature"
    if len(text) > limit or _SENTENCE_MARK.search(text) or text[-1] in "，,、；;":
        return "text"
    if _ASKS.search(text):
        return "heading" if lines == 1 and len(text) <= limit / 2 and text[0] not in "“‘问答" else "text"
    return "text" if is_closed(text) or not any(map(str.isalnum, text)) else "heading"


def is_heading(text: str) -> bool:
    """Whether a line of well-formed text looks like a heading."""
    return role_of(text, 1) == "heading"
