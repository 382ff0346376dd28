"""Questions made from what the archive says: a clause that gives a figure, a day or the holder of an office, turned round.

Nothing but surface rules. Which of them are shown, those decide who ask for them: rag.service.suggestions asks each of
the archive first, rag.lookup.examples searches for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from index.language.sentences import find_content_sentences
from index.language.terms import Lexicon, tag_words
from index.language.vocabulary import surname_of
from index.records import Article
from index.store import Generation
from rag.facts.quantities import find_figures

MAX_ARTICLES = 600
"""Articles looked at, spread over the archive, the rest left alone: enough for several of each kind."""
_FIGURE = re.compile(
    r"""^(?P<subject> [\u4e00-\u9fffA-Za-z\d.．]{2,20}
             (?: 率 | [数量度额值] | [人户件]次 | 面积 | 里程 | 收入 | 投资 | 资金 | 占比 | 比例 | 比重 | 人口 | 总计 | 产量
               | 温度 | 价格 | 均价 | 利率 | 净值 | GDP | 指数 | 排名 | 长度 | 宽度 | 高度 ))
         (?: 达到了? | 达 | 为 | 是 )
         (?P<value> [约近]? \d[\d.,，万亿]* \s* [^\s，。；、\d]{1,8} )""",
    re.VERBOSE,
)
"""全区常住人口 | 达 | 30.2万人: at the beginning of a clause."""
_EVENT = re.compile(
    r"""^(?: (?P<year> \d{4} )年 )? \d{1,2}月\d{1,2}日 (?: [上下]午 )? ，?
         (?P<subject> [\u4e00-\u9fffA-Za-z\d.．]{4,22}? )
         (?: 正式 | 顺利 | 如期 | 隆重 | 圆满 )? (?: 在[\u4e00-\u9fff“”]{2,14}? )? (?: 正式 | 隆重 )?
         (?P<verb> 举行 | 召开 | 开工 | 揭牌 | 启动 | 开幕 | 通车 | 启用 | 成立 | 投用 | 开馆 )
         (?= [，。] | $ )""",
    re.VERBOSE,
)
"""2021年5月8日上午， | 望津桥 | 正式 | 通车: at the beginning of a sentence."""
_OFFICE = re.compile(
    r"""(?P<office> [区县市]委书记 | [区县市]长 ) (?P<name> [\u4e00-\u9fff]{2,3} )
        (?= [出主表介强指带率到一参调等、，。] )  # a verb or a pause, so that the name is whole""",
    re.VERBOSE,
)
_CONTEXT_DEPENDENT = re.compile(
    r"""[我你他她它您咱这那哪该此其本某] | 上述 | 以上 | 同期 | 当[天日时]
      | [今去明前昨次]年 | [今昨前次][日天] | ^被 | [涉所] | 一是 | 二是 | 三是 | (?<!\d)1?\d[月日]""",
    re.VERBOSE,
)
"""What leans on words outside the clause: such a subject names nothing by itself."""
_LOOSE_TAGS = frozenset("dpcrufy")
"""Adverbs, prepositions, conjunctions, pronouns, particles: with one of them it is more than a name of something."""
_CLAUSE = re.compile(r"[，；：。！？\n]")
_YEAR = re.compile(r"(?:19|20)\d\d年|[一二三四五六七八九十]五|第\d+届")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and the article that made it."""

    question: str
    article_id: str


def find_suggestions(generation: Generation, articles: int = MAX_ARTICLES) -> list[Suggestion]:
    """Return questions made from articles spread over the archive, the kinds in turn; the same for the same generation.

    Args:
        articles: that are looked at, at most.
    """
    kinds: tuple[list[Suggestion], ...] = ([], [], [])
    for article in _spread(generation, articles):
        for kind, suggestions in zip(kinds, make_suggestions(article, generation.lexicon), strict=True):
            kind += suggestions
    turns = zip_longest(*kinds)
    return list(dict.fromkeys(suggestion for turn in turns for suggestion in turn if suggestion))


def _spread(generation: Generation, articles: int) -> list[Article]:
    count = generation.manifest.counts.chunks
    rows = np.unique(np.linspace(0, count - 1, min(count, articles)).astype(np.int64))
    ids = [chunk.article_id for chunk in generation.catalogue.chunks(rows)]
    return [article for article in generation.catalogue.articles(ids).values() if article.date]


def make_suggestions(article: Article, lexicon: Lexicon) -> tuple[list[Suggestion], list[Suggestion], list[Suggestion]]:
    """The article's questions for a figure, the holder of an office, a day; one of each at most."""
    sentences = [article.text[start:end] for start, end in find_content_sentences(article.text)]
    made = (
        _figures(sentences, article),
        _offices(sentences, article, lexicon),
        _events(sentences),
    )
    figures, offices, events = ([Suggestion(question, article.id) for question in kind][:1] for kind in made)
    return figures, offices, events


def _figures(sentences: Sequence[str], article: Article) -> Iterator[str]:
    for sentence in sentences:
        for clause in _CLAUSE.split(sentence):
            match = _FIGURE.match(clause)
            if not match or not _is_name(match["subject"]) or not find_figures(match["value"]):
                continue
            subject = match["subject"]
            dated = subject if _YEAR.search(subject) else f"{_year(article)}{subject}"
            yield f"{dated}是多少？"


def _offices(sentences: Sequence[str], article: Article, lexicon: Lexicon) -> Iterator[str]:
    for sentence in sentences:
        for match in _OFFICE.finditer(sentence):
            is_name = surname_of(match["name"]) and lexicon.find_persons(match["name"])
            if is_name and sentence[match.start() - 1 : match.start()] != "副":
                yield f"{_year(article)}的{match['office']}是谁？"


def _events(sentences: Sequence[str]) -> Iterator[str]:
    for sentence in sentences:
        match = _EVENT.match(sentence)
        if match and _is_name(match["subject"]):
            year = f"{match['year']}年" if match["year"] else ""
            yield f"{year}{match['subject']}是什么时候{match['verb']}的？"


def _is_name(subject: str) -> bool:
    """Whether a subject names something by itself, rather than a half sentence or what was said before."""
    tags = [tag for _word, tag in tag_words(subject)]
    return not _CONTEXT_DEPENDENT.search(subject) and not any(tag[0] in _LOOSE_TAGS for tag in tags) and tags[0] != "v"


def _year(article: Article) -> str:
    assert article.date
    return f"{article.date.value[:4]}年"
