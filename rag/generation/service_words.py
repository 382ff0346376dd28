"""Words that speak of the prompt (片段1, "passage 3") → words that a reader understands, or none. Pure: `str -> str`."""

import re

from index.language.normalise import simplify

_MOST = 20
"""Of what is listed, or stands between: nothing repeats without an end, whatever the text."""
_AND = r"(?:\s*+(?:和|与|及|以及|、|,|，)\s*+)"
_NUMBER = r"(?:编号)?\s*+[\[［【(（]?\s*+\d{1,3}\s*+[\]］】)）]?"
# Numbers that count nothing: 资料2000册 and 材料3份 are no passages.
_NUMBERED = rf"(?:片段|资料|材料|文段){_NUMBER}(?:{_AND}(?:片段|资料|材料|文段)?{_NUMBER}){{0,{_MOST}}}(?=\s*+(?:[，,。；;：:、）)”」]|[的中里内所未没均都也还和与及并仅只可]|显示|指出|提|表明|说明|称|写道|记载|介绍|报道|$))"
_GIVEN = r"(?:以上|上述|所给的?|给出的|给定的|所?提供的|已有的|现有的|所?检索到?的)"
_EACH = r"(?:这些|这个|该|本|各个?|几个|所有|任何|哪个|第[一二三四五六七八九十\d]{1,4}个?)"
_OF_REPORTS = r"(?:的?(?:报道|新闻)的?)"
# What is a passage of the prompt beyond doubt: one that has a number, was given, or has something in it, or not.
_PASSAGE = rf"(?:{_GIVEN}?{_OF_REPORTS}?{_NUMBERED}|(?:{_GIVEN}{_OF_REPORTS}?|{_OF_REPORTS})(?:片段|文段)|(?:(?<![\u4e00-\u9fff])|(?<=[但而在]))(?:片段|文段){_AND}{{0,3}}(?=\s*+(?:[中里内未没并均都也还仅只不无]|显示|指出|提[到及供]|表明|说明|写道|记载|介绍)))"
# What may be anything, unless the words around it tell: 根据资料，
_MATERIAL = rf"(?:{_GIVEN}|{_EACH}|参考)?{_OF_REPORTS}?(?:{_NUMBERED}|片段|资料|材料|文段|上下文)"
_SHOWN = r"(?:来看|看|可知|可以(?:看出|得知|知道)|得知|显示|所示|所述|记载|介绍|表明|指出|提到)"
_START = r"(^|[，,。；;：:]\s*+)"
_CHINESE: tuple[tuple[str, str], ...] = (
    (rf"(?<!\s)\s*+[（(](?:来源|出处|参?见|引自|依据|据)?[:：]?\s*+{_PASSAGE}[）)]", ""),
    (rf"{_START}正?如{_MATERIAL}中?所(?:述|说|示|指出|提到)的?(?:那样)?[，,：:]\s*+", r"\1"),
    (
        rf"{_START}(?:根据|依据|按照|依照|据|从|结合|基于){_MATERIAL}{_AND}{{0,3}}(?:的?(?:内容|信息|描述))?中?{_SHOWN}{{0,3}}[，,：:]\s*+",
        r"\1",
    ),
    (rf"{_START}(?:根据|依据|据|从){_PASSAGE}中?{_SHOWN}\s*+", r"\1"),
    (rf"{_START}{_PASSAGE}[中里]?(?:明确)?[均都也还]?(?:显示|指出|表明|说明|写道|记载|称)[，,：:]?\s*+", r"\1"),
    (rf"{_START}{_PASSAGE}[中里]?(?:明确)?[均都也还]?(?:提到|提及|介绍|报道|说)[，,：:]\s*+", r"\1"),
    (r"^资料(?:显示|表明)[，,]\s*+", ""),
    (rf"({_EACH})(?:片段|文段)(?![\u4e00-\u9fff]{{0,{_MOST}}}(?:播|演|影))", r"\1报道"),
    (_PASSAGE, "报道"),
)

_QUALIFIER = r"(?:provided|given|above|retrieved|supplied|available)"
_NUMBERS = r"(?: ?(?:#|no\. ?)?\[?\d{1,3}\]?(?:\s*+(?:,|and|&|to|-|–)\s*+(?:(?:passages?|excerpts?) )?\[?\d{1,3}\]?(?!\d)){0,20})"
_EXCERPTS = r"(?:passages?|excerpts?|snippets?)"
_PASSAGE_EN = (
    rf"(?:(?:the |these )?(?:{_QUALIFIER} )?{_EXCERPTS}{_NUMBERS}?(?: {_QUALIFIER})?(?:\s*+(?:and|,|&)){{0,3}}"
    rf"|(?:sources?|documents?){_NUMBERS}|(?:the )?{_QUALIFIER} (?:context|sources?|documents?)|the context)"
)
_SAID = r"(?:stated|mentioned|reported|noted|described|shown|indicated)"
_SAYS = r"(?:says?|states?|shows?|mentions?|notes?|reports?|indicates?|reveals?|explains?|confirms?)"
_VERB = rf"(?= (?:do|does|did|is|has|have|contains?|gives?|{_SAYS})\b)"
_ENGLISH: tuple[tuple[str, str], ...] = (
    (rf"^(?:according to|based on|per|from|in|as {_SAID} (?:in|by)) {_PASSAGE_EN}\s*+[,:]\s*+", ""),
    (rf"^{_PASSAGE_EN} (?:also |both |all |clearly |explicitly )?(?:{_SAYS}(?:,? that\b|[,:])|says?\b)\s*+", ""),
    (rf"(?<!\s)\s*+[(](?:see |from )?{_EXCERPTS}{_NUMBERS}[)]", ""),
    (rf",? (?:as )?(?:{_SAID} )?(?:in|by|from|per) (?:the )?{_EXCERPTS}{_NUMBERS}(?=[\s,.;]|$)", ""),
    (rf"\b(?:the )?{_EXCERPTS}{_NUMBERS}", "the report"),
    (rf"\b(?:the|these) (?:{_QUALIFIER} )?(?:passages|excerpts|snippets)(?: {_QUALIFIER})?\b(?! (?:of|through|between|under))", "the reports"),
    (rf"\b(?:the )?{_QUALIFIER} (?:passages|excerpts|snippets|sources|documents|context)\b", "the reports"),
    (rf"\bthe (?:{_QUALIFIER} )?(?:passage|excerpt|snippet|context)(?: {_QUALIFIER})?{_VERB}", "the report"),
    (rf"\b(no|any|each|neither) (?:passage|excerpt){_VERB}", r"\1 report"),
)  # fmt: skip
_SUSPECT = re.compile(r"片段|文段|[资資]料|材料|上下文|passage|excerpt|snippet|source|document|context", re.IGNORECASE)
_REWRITES = [(re.compile(pattern), put) for pattern, put in _CHINESE]
_REWRITES += [(re.compile(pattern, re.IGNORECASE), put) for pattern, put in _ENGLISH]


def without_service_words(text: str) -> str:
    """Return a statement without words that speak of the prompt: 根据片段1，新桥长412米 → 新桥长412米.

    What must be said of the passages is said of the reports: 片段中没有提到 → 报道中没有提到. Where such a word is part of what
    was reported (播放了影片片段, 申请材料3份), it stays.
    """
    if not _SUSPECT.search(text):
        return text
    folded = simplify(text)  # what is rewritten in traditional characters gets them again with the rest of the answer
    rewritten = folded
    for pattern, put in _REWRITES:
        rewritten = pattern.sub(put, rewritten)
    if rewritten == folded:
        return text
    rewritten = rewritten.strip()
    is_capital = text[:1].isascii() and text[:1].isupper()
    return rewritten[:1].upper() + rewritten[1:] if is_capital else rewritten
