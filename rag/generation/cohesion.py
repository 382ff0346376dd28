"""How a sentence hangs on what stands before it: by a connective, a pronoun, a list's mark, a lead-in's colon. Pure."""

import re

from index.language.normalise import simplify

_MARK = re.compile(
    r"\A\s*+(?:(?:[-*•·–]\s*+)?(?:\d{1,2}(?:[)、）]|\.(?!\d))|[（(]\d{1,2}[）)])|[①-⑳]|[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、|[-*•·–#]++\s)\s*+"
)
_COLON = re.compile(r"[：:][*_\s]*$")
_END = re.compile(r"[。！？!?；;….：:][”’\"』」）)*_\s]*$")
_HAN = re.compile(r"[\u4e00-\u9fff]")

# What only joins a sentence to the one before it, and what contrasts or concludes; the rest may stand without either.
_JOINS = re.compile(
    r"(?:(?:但是?|然而|不过(?!问)|可是|此外|除此之外|与此同时|而且|并且|因此|因而|所以|故而|由此可见|可见(?=[，,])|相反|与此相反|反之|例如|比如|譬如|换言之|也就是说|综上(?:所述)?|总之|总的来[看说]|随后|接着|然后|此后)[，,：:]?"
    r"|(?:另外|另|同时|再者|其次|再次|最后|另一方面|一方面|具体(?:来看|来说|而言)|之后|第[二三四五六七八九十]|[二三四五六七八九十]是)[，,]"
    r"|同时(?=[还也新增建开设组推完举])|[二三四五六七八九十]是(?=[\u4e00-\u9fff]{2})|而(?![且立今后已])"
    r"|(?:in addition|additionally|also|moreover|furthermore|besides|meanwhile|at the same time|however|nevertheless|nonetheless"
    r"|by contrast|in contrast|on the contrary|conversely|on the other hand|instead|therefore|thus|hence|as a result|consequently"
    r"|accordingly|overall|in short|in summary|for example|for instance|specifically|then|finally|lastly|second(?:ly)?|third(?:ly)?"
    r"|next|afterwards),"
    r"|(?:(?:but|yet|and)\b,?|so,))\s*",
    re.IGNORECASE,
)
# What points to something that was said before.
_POINTS = re.compile(
    r"(?P<of>其中|这|上述|前述|以上(?!海)|此(?:举|项|次|类|事|桥|路|处)|前者|后者|两者|二者|双方|同[年月日]|当[年天日时]|相比之下|相较之下|与[之此]相比|同比|环比|[较比](?:上年|去年|前一?年|此前|同期)"
    r"|of (?:these|those|them|which)\b|among (?:these|those|them)\b|(?:this|these|those|such|both(?= (?:sides|of))|which)\b|the (?:former|latter)\b|in comparison\b|compared (?:with|to) (?:this|that)\b)"
    r"|(?P<who>(?:他|她|它)们?|其(?![他它余次实后间乐力势])|该"
    r"|(?:he|she|it(?! (?:is|was|has been) (?:also )?(?:reported|said|expected|known|planned|estimated) that)|they|his|her|its|their)\b)"
    r"|(?P<adds>还(?![款贷迁])|也(?!门)|并(?![非联购轨网])|且|仍|又|则|均|都(?![市江])|更(?!名))",
    re.IGNORECASE,
)
# What may stand before the subject of a sentence: 2023年3月, In 2023,
_BEFORE_SUBJECT = re.compile(
    r"^(?:(?:截至)?\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?[底初末]?(?:以来)?[，,]?|(?:in|on|by|since) (?:\w+ ){0,2}\d{4},? |(?:the|an?) )+",
    re.IGNORECASE,
)


def list_mark(text: str) -> str:
    """Return the mark that makes a statement the item of a list, with the space behind it: "1. ", "- "; "" where there is none."""
    match = _MARK.match(text)
    return match.group() if match else ""


def mark_kind(text: str) -> str:
    """Return what all marks of one list have in common: "1." of "3. "; "" where there is none."""
    mark = list_mark(text).strip()
    return re.sub(r"[①-⑳]", "①", re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", mark)))


def is_lead_in(text: str) -> bool:
    """Whether a statement announces what follows: 主要措施包括："""
    return _COLON.search(text) is not None


def as_sentence(text: str) -> str:
    """Return the item of a list as a sentence: without its mark, with an end."""
    bare = text[len(list_mark(text)) :]
    if _END.search(bare):
        return bare
    return f"{bare}。" if _HAN.search(bare[-1:]) or not bare.isascii() else f"{bare}."


def detach(text: str) -> tuple[str, str]:
    """Return a statement without the words that join it to the one before, and the word that leans on that one nevertheless.

    此外，新桥长412米 → 新桥长412米, ""; 但他没有出席 → 他没有出席, 他. A list's mark stays.
    """
    folded = _fold(text)
    start = bare = len(list_mark(text))
    while (joined := _JOINS.match(folded, start)) and joined.end() < len(text):
        start = joined.end()
    leaning = _POINTS.match(folded, start)
    rest = text[bare:] if start == bare else text[start : start + 1].upper() + text[start + 1 :]
    return text[:bare] + rest, text[leaning.start() : leaning.end()] if leaning else ""


def points_to_subject(word: str) -> bool:
    """Whether a word that leans stands for a subject (他, it), which may have been named earlier too; 其中 and "this" do not."""
    match = _POINTS.match(_fold(word))
    return match is not None and match["of"] is None


def shares_subject(statement: str, other: str) -> bool:
    """Whether a statement is about what the other one names: begins with its name, or with a pronoun for it."""
    rest, leaning = detach(statement[len(list_mark(statement)) :])
    if leaning:
        return points_to_subject(leaning)
    rest = _BEFORE_SUBJECT.sub("", rest)
    subject = " ".join(rest.split()[:2]) if rest[:1].isascii() else rest[:2]
    return len(subject) > 1 and subject.casefold() in other.casefold()


def _fold(text: str) -> str:
    """The text in simplified characters, equally long, so that one list of words does for both scripts."""
    folded = simplify(text)
    return folded if len(folded) == len(text) else text
