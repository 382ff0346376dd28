"""Clean articles for the page generator: the sample's, or those of a JSONL corpus, dressed for print.

A corpus without titles gets them here, as an editor makes them: the first sentence's main clause, without date and
source, words left out. Its text, whose white space is collapsed, is set in paragraphs again at sentence ends.
"""

import gzip
import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import rjieba

NEWS = "TEST_NEWS"
"""Environment variable that names a JSONL(.gz) of clean articles (_id, title, text, date) to use for the sample's.

Not WENJU_…: the tests forget all settings of whoever runs them."""
CORPUS_SEED = 20
CORPUS_ARTICLES = 2000
MEASURES = (220, 1500)
"""Characters of a corpus article that is used: what a page holds several of."""

REPORTERS = ["林亦舟", "苏见清", "葛一帆", "卓小满", "简知宁", "温伯川", "蔡素音", "孟晓棠", "骆敏芝", "范青", "姚远", "沈括之", "杜若", "江月白"]  # fmt: skip
OFFICES = ["区委宣传部", "区文联", "区委党史办", "区教委", "区图书馆", "区融媒体中心", "区妇联", "白鹭镇", "石桥街道"]  # fmt: skip

_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’』」）)]*|[^。！？]+$")
_LEAD = re.compile(
    r"^[^，。：]{0,24}?(?:电|讯|消息)\s*[（(][^（）()]{2,36}[）)]\s*|^[^，。：]{2,12}\d+月\d+日(?:电|消息|讯)[，：]?\s*"
)
_TITLED = re.compile(r"^原标题：([^\s（(【]{8,30}(?: [^\s（(【]{4,14})?)(?<![电讯]) +(?=\S)")
_TAIL = re.compile(
    r"\s*(?:[（(](?:完|转自|来源|综合|记者|责任|编辑|编译|总台|文|图)[^（）()]{0,40}[）)]|【?(?:责任)?编辑[：:/|｜].*|返回搜狐.*"
    r"|如遇作品内容.*|截图$|图[文片]?来源.*|分享让更多人看到|责编.*|来\s?源\s?[：:|｜].*|更多精彩.*|(?:文|图文|撰文|供图|校对|审核|记者|通讯员)\s?[/／|｜:：][^。]{0,60})$"
)
_UNTITLED = re.compile(
    r"^(?:是|由|以|其|他|她|它|这|那|分别|预计|对|从|按|根据|通过|但|而|并|也|还|一艘|已|有)|(?:年|月|日|中|时|后|前|上|后的|间|因|或|及|电|讯)$|广告|摄|记者|讯"
)
"""Of a headline made from a clause: no editor would print it."""
_UNFIT = re.compile(
    r"广告|摄[^影像制]|记者 ?\S{2,4} ?摄|[×▶▼▲]|NO\.\d|https?:|原标题|责任编辑|IT之家|主力资金|【|\||校对|返回搜狐|点击|直播间|股票|\?{2,}|[□■◆●\ue000-\uf8ff]"
)
_TIME = re.compile(
    r"^(?:(?:据悉|其中|此外|同时|目前|当天|当日|近日|日前|昨日|昨天|今天|今日|近年来|连日来|上午|下午|此次|本次)"
    r"|(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:上午|下午|晚|凌晨|傍晚)?(?:\d{1,2}[时点](?:\d{1,2}分)?)?许?)[，、]?"
)
_SOURCE = re.compile(
    r"^(?:据|记者|笔者|为|在|随着|由于|受|经|截至|对此|其中)|(?:获悉|了解到|表示|介绍|消息|报道|称|说|认为|指出|强调|显示)$"
)
_DROPPED = (
    "正式",
    "相关",
    "有关",
    "进一步",
    "成功",
    "目前",
    "已经",
    "正在",
    "以及",
    "进行",
    "的",
    "了",
    "将",
    "等",
    "于",
    "本",
    "该",
)


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An article as it was written: `text` in paragraphs, its sub-headings on lines of their own in their places."""

    id: str
    text: str
    title: str | None = None
    kicker: str | None = None
    deck: str | None = None
    subheads: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()

    @property
    def is_english(self) -> bool:
        return not re.search(r"[\u4e00-\u9fff]", self.text)

    @property
    def has_dateline(self) -> bool:
        """Whether its first words show that an article begins here."""
        return self.text.startswith(("本报讯", "By "))


def load_articles(path: str | None = None) -> list[CleanArticle]:
    """The articles of the corpus that `path` or the environment names; without one those of the sample."""
    path = path or os.environ.get(NEWS)
    if not path:
        return _sample()
    rng = random.Random(CORPUS_SEED)
    rows = list(_rows(Path(path)))
    rng.shuffle(rows)
    articles: list[CleanArticle] = []
    for row in rows:
        article = _from_row(row, rng)
        if article:
            articles.append(article)
        if len(articles) == CORPUS_ARTICLES:
            break
    return articles


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _sample() -> list[CleanArticle]:
    truth = json.loads((resources.files("rag") / "sample" / "truth.json").read_text("utf-8"))
    return [
        CleanArticle(
            row["id"],
            row["text"],
            row["title"] or None,
            row["kicker"],
            row["deck"],
            tuple(row["subheads"]),
            tuple(row.get("captions", ())),
        )
        for row in truth
    ]


def _from_row(row: dict[str, str], rng: random.Random) -> CleanArticle | None:
    text = row["text"].replace("\u3000", " ").replace("\xa0", " ").strip()
    title = row.get("title") or None
    if title and text.startswith(f"原标题：{title}"):
        text = text.removeprefix(f"原标题：{title}").strip()
    elif titled := _TITLED.match(text):
        title, text = title or titled.group(1), text[titled.end() :]
    text = _LEAD.sub("", text)
    while (shorter := _TAIL.sub("", text)) != text:
        text = shorter
    sentences = sentences_of(text)
    if not (MEASURES[0] <= len(text) <= MEASURES[1] and len(sentences) >= 4) or _UNFIT.search(text):
        return None
    if not re.search(r"[。！？][”’]?$", text) or re.search(r"记者 |客户端|[讯电网闻]记者|报讯|网讯|消息：", text[:60]):
        return None
    if re.search(r" {3}|[a-zA-Z ]{30}", text):
        return None
    title = title or headline_from(sentences[:3], rng)
    if title is None or title in text[:60] or title[: len(title) // 2] == title[(len(title) + 1) // 2 :].strip():
        return None
    return CleanArticle(str(row["_id"]), "\n".join(paragraphs_of(sentences, rng)), title)


def sentences_of(text: str) -> list[str]:
    """Sentences, none ending inside a quotation or brackets; what a spaced text parts stays parted."""
    sentences: list[str] = []
    for match in _SENTENCE.finditer(text):
        open_marks = sentences and any(
            sentences[-1].count(left) > sentences[-1].count(right) for left, right in ("“”", "（）", "《》", "()")
        )
        if open_marks:
            sentences[-1] += match.group()
        else:
            sentences.append(match.group().strip())
    return [sentence for sentence in sentences if sentence]


def paragraphs_of(sentences: Sequence[str], rng: random.Random) -> list[str]:
    """Sentences in paragraphs of one to four."""
    paragraphs: list[str] = []
    room = 0
    for sentence in sentences:
        if paragraphs and len(paragraphs[-1]) + len(sentence) <= room:
            paragraphs[-1] += sentence
        else:
            paragraphs.append(sentence)
            room = rng.choice((50, 110, 160, 220, 280))
    return paragraphs


def headline_from(sentences: Sequence[str], rng: random.Random, low: int = 10, high: int = 24) -> str | None:
    """A headline for what the sentences say, in their words; None where they give none of that length."""
    for sentence in sentences:
        bare = re.sub(r"[（(][^（）()]*[）)]", "", sentence)
        clauses = [_TIME.sub("", clause.strip()) for clause in re.split(r"[，；：。！？,;:]", bare)]
        clauses = [clause for clause in clauses if clause and not _SOURCE.search(clause)]
        for number, clause in enumerate(clauses):
            headline = _abbreviated(clause, rng, low, high)
            after = clauses[number + 1] if number + 1 < len(clauses) else ""
            if len(headline) < low and len(headline) >= 5 and len(headline) + len(after) <= high and len(after) >= 4:
                headline = f"{headline} {_abbreviated(after, rng, 4, high)}"
            if (
                low <= len(headline) <= high
                and not _UNTITLED.search(headline)
                and all(headline.count(a) == headline.count(b) for a, b in ("“”", "《》"))
            ):
                return headline
    return None


def _abbreviated(clause: str, rng: random.Random, low: int, high: int) -> str:
    words = list(rjieba.cut(clause))
    for word in _DROPPED:
        if (sum(map(len, words)) > high or rng.random() < 0.5) and word in words and "《" not in clause:
            words = [other for other in words if other != word]
    if len(words) > 5 and sum(map(len, words)) > low + 4 and rng.random() < 0.3:
        del words[rng.randrange(1, len(words) - 1)]
    while words and sum(map(len, words)) > high:  # an editor keeps the doer and what is done: the middle goes
        del words[len(words) // 3]
    return "".join(words).strip("、 和与在对为")


def similar(one: CleanArticle, other: CleanArticle) -> bool:
    """Whether two articles report the same, so that no reader could part their lines."""
    grams = [{article.text[at : at + 8] for at in range(len(article.text) - 8)} for article in (one, other)]
    return len(grams[0] & grams[1]) > 0.04 * min(map(len, grams))


def pick(rng: random.Random, articles: Sequence[CleanArticle], count: int) -> list[CleanArticle]:
    """Articles for one page: of one language, no two of them the same story."""
    english = rng.random() < 0.08
    pool = [article for article in articles if article.is_english == english] or list(articles)
    chosen: list[CleanArticle] = []
    for article in rng.sample(pool, min(len(pool), 4 * count)):
        if len(chosen) < count and not any(similar(article, other) for other in chosen):
            chosen.append(article)
    return chosen


def dressed(article: CleanArticle, rng: random.Random, *, dateline: bool) -> CleanArticle:
    """The article as its editor has it: with a dateline or a signature, sub-headings, kicker, deck, captions.

    What it has of its own stays. Args: dateline: whether an article that has none may be given one.
    """
    if article.is_english or article.title is None:
        return article
    paragraphs = article.text.split("\n")
    plain = [paragraph for paragraph in paragraphs if paragraph not in article.subheads]
    if dateline and not article.has_dateline and not plain[-1].endswith("）"):
        paragraphs[0] = _opening(rng) + paragraphs[0]
    elif not article.has_dateline and not plain[-1].endswith("）") and rng.random() < 0.6:
        author = rng.choice(REPORTERS) if rng.random() < 0.5 else f"{rng.choice(OFFICES)} {rng.choice(REPORTERS)}"
        paragraphs.append(f"（{author}）")
    subheads = list(article.subheads)
    if not subheads and len(plain) >= 4 and rng.random() < 0.3:
        paragraphs, subheads = _with_subheads(paragraphs, rng)
    sentences = sentences_of("".join(plain[1:]))
    kicker, deck = article.kicker, article.deck
    if sentences and kicker is None and rng.random() < 0.2:
        kicker = headline_from(rng.sample(sentences, min(2, len(sentences))), rng, 7, 16)
    if sentences and deck is None and rng.random() < 0.12:
        deck = headline_from(rng.sample(sentences, min(2, len(sentences))), rng, 10, 24)
    captions = article.captions
    if not captions and rng.random() < 0.2:
        caption = _caption(sentences, rng)
        captions = () if any(subhead in caption for subhead in subheads) else (caption,)
    kicker, deck = (None if role in (*subheads, article.title) else role for role in (kicker, deck))
    return replace(
        article,
        text="\n".join(paragraphs),
        kicker=kicker,
        deck=deck if deck != kicker else None,
        subheads=tuple(subheads),
        captions=captions,
    )


def _opening(rng: random.Random) -> str:
    one, two, three = rng.sample(REPORTERS, 3)
    names = (
        f"记者 {one}",
        f"通讯员 {one}",
        f"记者 {one} 通讯员 {two}",
        f"记者 {one} {two}",
        f"通讯员 {one} {two} {three}",
    )
    return "本报讯 " if rng.random() < 0.2 else f"本报讯（{rng.choice(names)}）"


def _with_subheads(paragraphs: Sequence[str], rng: random.Random) -> tuple[list[str], list[str]]:
    places = sorted(rng.sample(range(1, len(paragraphs)), min(rng.choice((2, 2, 3, 4)), len(paragraphs) // 2)))
    text, subheads = [], []
    for number, paragraph in enumerate(paragraphs):
        sentences = sentences_of(paragraph) if number in places else []
        sentences = sentences[1:3] or sentences  # it tells what the section is about, not how it begins
        subhead = headline_from(sentences, rng, 7, 18)
        if len(sentences) == 2 and rng.random() < 0.4:  # two halves, as an editor likes them
            halves = [headline_from([sentence], rng, 4, 9) for sentence in sentences]
            subhead = " ".join(half for half in halves if half) if all(halves) else subhead
        if subhead and len(paragraph) > 30 and subhead not in subheads and subhead not in text:
            text.append(subhead)
            subheads.append(subhead)
        text.append(paragraph)
    return text, subheads


def _caption(sentences: Sequence[str], rng: random.Random) -> str:
    says = headline_from(rng.sample(list(sentences), min(3, len(sentences))), rng, 8, 20) or "活动现场"
    name = rng.choice(REPORTERS)
    credit = rng.choice((f" {name}/摄", f" {name} 摄", f"{name}摄", f"（{rng.choice(OFFICES)}供图）", ""))
    return f"{rng.choice(('', '', '图为'))}{says}。{credit}"
