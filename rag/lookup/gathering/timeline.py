"""What became of a matter: what each report on it tells, in the order of time."""

import re
from collections.abc import Sequence

from index.language.sentences import find_content_sentences
from index.language.terms import split_words, tag_words
from index.language.vocabulary import acts, pattern_of, tags_of_act
from index.records import Article
from rag.generation.composition import Composition
from rag.lookup.gathering.asked import GATHERED_ACTS, UNTELLING_NOUNS, page_of, parse_wanted, stated_time
from rag.lookup.gathering.candidates import ABOUT_CHARACTERS, articles_with, long_words_of, words_of
from rag.lookup.gathering.items import Item, dated, in_order, within
from rag.lookup.gathering.leads import is_furniture
from rag.lookup.gathering.writing import compose_items
from rag.lookup.inquiry import Inquiry
from rag.retrieval.home import is_own_place

ENOUGH_STAGES = 4
"""Found by the words as they were asked, so that they need not be taken apart."""
SAME_STAGE = 0.75
"""As SAME_SHARE, of a matter on which several reports of a day tell further things."""
MENTIONS = 3
"""So often named, it is what an article is about."""
_HAPPENS = re.compile(
    pattern_of(acts("start", "launch", "finish", "open", "sign", "win", "attend", "fire", "collapse", "flood"))
)
_BUILDING = re.compile(r"(?:建设|改造|工程|项目|[改迁扩]建)$")
_BUILDS = re.compile(
    pattern_of(
        acts("start", "finish", "open", "sign"), "建设|改造|[改扩迁新]建|施工|规划|投资|推进|完成|投用|落成|亮相"
    )
)
_GENERAL_ENDING = re.compile(r"(?:项目|工程|建设|发展|事件|事故|情况|进展|工作|问题|改造|[改迁扩]建|案件?|地区)$")


def gather_timeline(inquiry: Inquiry) -> Composition | None:
    """Return what the reports tell of a matter, in the order of time; None where they are not two."""
    time_range = stated_time(inquiry.question, inquiry.analysis.time_range)
    wanted = parse_wanted(inquiry.question, time_range)
    if wanted is None or wanted.form != "timeline":
        return None
    subjects = [
        name for name in wanted.subjects if name not in UNTELLING_NOUNS and not is_own_place(name, inquiry.generation)
    ]
    if not subjects:
        return None
    best: list[Item] = []
    builds = any(_BUILDING.search(subject) for subject in subjects)
    done = _act_of(subjects)
    is_printed = bool(articles_with(inquiry.generation, [[subject] for subject in subjects]))
    ways = _ways(subjects, is_printed=is_printed)
    if time_range:  # which bounds the matter, where its name alone would not: 2020年新发地疫情
        ways += [[name] for subject in subjects if len(name := _name_of(subject)) > 2]
    for words in ways:
        articles = articles_with(inquiry.generation, [[word] for word in words], time_range) or ()
        told = [item for article in articles if (item := _stage(article, words))]
        if builds:
            told = [item for item in told if _BUILDS.search(item.text)]
        if done:
            told = [item for item in told if done.search(item.text)]
        items = in_order((item for item in told if within(item, time_range)), SAME_STAGE)
        best = max(best, items, key=len)
        if len(best) >= ENOUGH_STAGES:
            break
    return compose_items(inquiry, best, wanted.page, page_of(inquiry.question)[0]) if len(best) > 1 else None


def _act_of(subjects: Sequence[str]) -> re.Pattern[str] | None:
    """What the matter is named for: 开通 of 丰台站开通; None of one that is no act."""
    tags = tags_of_act(split_words(subjects[-1])[-1]) & frozenset(GATHERED_ACTS)
    return re.compile(pattern_of(acts(*tags))) if tags else None


def _ways(subjects: Sequence[str], *, is_printed: bool) -> list[list[str]]:
    """The words that a report must have, most precise first: as asked, word by word, then without 项目, 建设 and the like.

    Args:
        is_printed: the archive has them as they were asked; else they are no names that must stay whole.
    """
    words = [word for subject in subjects for word in words_of(subject)]
    bare = [word for subject in subjects for word in _parts(_GENERAL_ENDING.sub("", subject) or subject)]
    split = [] if is_printed else [word for subject in subjects for word in long_words_of(subject)]
    telling = [word for word in bare if word not in UNTELLING_NOUNS]
    named = [word for word in bare if re.search(r"[A-Za-z\d]", word)]
    ways = [list(subjects), words, bare, telling, split, named]
    return [way for n, way in enumerate(ways) if way and way not in ways[:n]]


def _name_of(phrase: str) -> str:
    """A phrase without its last known word: 新发地 of 新发地疫情."""
    last = split_words(phrase)[-1]
    return phrase[: -len(last)] if len(last) > 1 else ""


def _parts(phrase: str) -> list[str]:
    """The words of a phrase, where it consists of known words of two characters or more; else the phrase is a name."""
    tagged = tag_words(phrase)
    while len(tagged) > 1 and tagged[-1][1].startswith("v") and len(tagged[-1][0]) > 1:
        tagged = tagged[:-1]
    words = [word for word, _tag in tagged]
    return words if all(len(word) > 1 for word in words) else ["".join(words)]


def _stage(article: Article, words: Sequence[str]) -> Item | None:
    """What an article that is about the matter tells of it in a sentence: one with a day or an event, the first of those."""
    text = article.text
    opening = (article.title or "") + text[:ABOUT_CHARACTERS]
    missing = sum(word not in opening and text.count(word) < MENTIONS for word in words)
    if missing > (len(words) - 1) // MENTIONS:
        return None
    spans = [span for span in find_content_sentences(text) if not is_furniture(text[span[0] : span[1]])]
    holding = [span for span in spans if any(word in text[span[0] : span[1]] for word in words)] or spans[:1]
    if not holding:
        return None

    def rank(span: tuple[int, int]) -> tuple[int, int]:
        sentence = text[span[0] : span[1]]
        has_day = any(span[0] <= date.start < span[1] for date in article.dates)
        return (sum(word in sentence for word in words) + has_day + bool(_HAPPENS.search(sentence)), -span[0])

    return dated(article, [max(holding, key=rank)])
