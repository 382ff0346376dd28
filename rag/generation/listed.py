"""A question on one item of a numbered list (第三步做什么, 第七件是什么) → that line of the list, as printed. No LLM."""

import re
from collections.abc import Iterator

from index.language.normalise import normalise
from index.language.numerals import numeral_value
from index.language.terms import split_words
from index.language.vocabulary import measure_words, pattern_of
from index.records import Article
from rag.generation.composition import Line
from rag.generation.messages import introduce_quote
from rag.question.analysis import ASKING
from rag.records import Language, Passage
from rag.retrieval.retriever import Retrieval
from rag.verification.citations import Quote

_NUMERAL = r"\d{1,3}|[一二三四五六七八九十]{1,3}"
_UNITS = f"步骤|步|点|环节|阶段|{pattern_of(measure_words('count', without=('order',)))}"
# What the item says is asked right behind it; 第三次普查的结果 asks for no item.
_ASKED = re.compile(
    rf"第\s?(?P<number>{_NUMERAL})\s?(?P<unit>{_UNITS})(?:的?(?:内容|规定|要求|工作|事项|任务|措施|实事|事|材料))?(?=[是为做要怎如有指叫讲说写规需该？?呢]|什么|$)"
)
_ITEM = re.compile(
    rf"^\s*+(?:第(?P<named>{_NUMERAL})(?P<unit>{_UNITS})|[（(【]?(?P<bare>{_NUMERAL})(?:[）)】、．：:]|\.(?!\d)|\s)|(?P<circled>[①-⑳]))"
)
_LINE = re.compile(r"[^\n]+")
MIN_WORD_CHARACTERS = 2
_SAYS_NOTHING = re.compile(r"做|要|内容|规定|说|写|具体|介绍|告诉|知道|一下|需要|应该|怎样|报道")


def asks_item(question: str) -> bool:
    """Whether a question asks for an item of a list by its number."""
    return _ASKED.search(question) is not None


def tell_item(retrieval: Retrieval, language: Language) -> list[Line]:
    """Return the item that a question names by its number, as a line with its quote; none where it is not one for sure.

    One article alone must have a list with that number once, and with the one before or after, and say all that the
    question says beside it.
    """
    analysis = retrieval.analysis
    asked = _ASKED.search(analysis.text)
    time_range = analysis.time_range
    if asked is None or analysis.is_list or (time_range is not None and time_range.constrains_time):
        return []
    rest = analysis.text[: asked.start()] + " " + analysis.text[asked.end() :]
    found = [
        (passage, article, span)
        for passage, article in _articles(retrieval)
        if _is_about(article, rest) and (span := _item_of(article.text, asked)) is not None
    ]
    if len(found) != 1:
        return []
    passage, article, (start, end) = found[0]
    text = article.text[start:end]
    return [Line(introduce_quote(text, language), (Quote(passage, start, end, text),))]


def _articles(retrieval: Retrieval) -> Iterator[tuple[Passage, Article]]:
    seen: set[str] = set()
    for passage in retrieval.passages:
        if passage.article_id not in seen:
            seen.add(passage.article_id)
            yield passage, retrieval.articles[passage.article_id]


def _is_about(article: Article, rest: str) -> bool:
    said = normalise(f"{article.title or ''}\n{article.text}")
    words = [normalise(word) for run in re.findall(r"\w+", ASKING.sub(" ", rest)) for word in split_words(run)]
    told = [word for word in words if len(word) >= MIN_WORD_CHARACTERS and not _SAYS_NOTHING.fullmatch(word)]
    return bool(told) and all(word in said for word in told)


def _item_of(text: str, asked: re.Match[str]) -> tuple[int, int] | None:
    """Where the item stands: one that is counted in the same word, else one that bears its bare number."""
    number = _value(asked["number"])
    items = [(match, line) for line in _LINE.finditer(text) if (match := _ITEM.match(line[0]))]
    named = [(match, line) for match, line in items if match["unit"] and match["unit"][0] == asked["unit"][0]]
    # An article of a law is no first point of it.
    bare = [(match, line) for match, line in items if not match["unit"]] if asked["unit"] not in ("条", "款") else []
    for group in (named, bare):
        numbers = [_number(match) for match, _line in group]
        own = [line for (_match, line), one in zip(group, numbers, strict=True) if one == number]
        if len(own) == 1 and number is not None and {number - 1, number + 1} & set(numbers):
            return own[0].span()
    return None


def _number(item: re.Match[str]) -> int | None:
    if item["circled"]:
        return ord(item["circled"]) - ord("①") + 1
    return _value(item["named"] or item["bare"])


def _value(numeral: str) -> int | None:
    return int(numeral) if numeral.isdigit() else numeral_value(numeral)
