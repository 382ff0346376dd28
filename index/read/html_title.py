"""A web page's headline: the heading that agrees with what else it states, never the site's name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from index.read.html_lines import Line, text_of
from index.read.html_names import is_about_others, is_of_site
from index.read.html_tree import MAX_LOOKED_UP, Element, Page
from index.read.html_weights import is_prose
from index.read.stated_dates import stated_text

_SEPARATOR: Final = re.compile(
    r"(?>(?:(?<!\s)\s+)?)(?:[_|｜]+|--+|——+)\s*+|(?<!\s)\s++[-–—·»]++\s++|(?<=[\u4e00-\u9fff”》！？])[-–](?=[\u4e00-\u9fff])"
)
_NAMED_TITLE: Final = re.compile(
    r"title|headline|biaoti|(?:^|[\s_-])(?:bt|tit|h1|activity-name)(?=$|[\s_-])", re.IGNORECASE
)
_TITLE_OF_OTHERS: Final = re.compile(
    r"subtitle|sub-title|site-?title|side|widget|box-?title|block-?title|column", re.IGNORECASE
)
_SITE: Final = re.compile(
    r"(?:网|网站|数字报|电子报|门户|门户网站|人民政府|政务公开|官网|官方网站|日报|晚报|早报|都市报|时报|周刊|频道|客户端|在线|资讯网|首页|新闻中心|新闻动态|正文|新闻|"
    r"Online|News|Times|Daily|Homepage|Home)\Z",
    re.IGNORECASE,
)
_OFFICE: Final = re.compile(
    r"[\u4e00-\u9fff]{2,6}[省市区县州镇乡][\u4e00-\u9fff]{1,8}(?:局|委|办|厅|委员会|办公室|中心|街道)|[\u4e00-\u9fff]{2,8}(?:局|委员会|办公室|街道办事处)"
)
_PAPER: Final = re.compile(r"[\u4e00-\u9fff]{1,4}报")
_SITE_NAMES: Final = ("og:site_name", "sitename", "application-name", "apple-mobile-web-app-title")
_MAX_SITE_CHARS: Final = 22
_MIN_HEADING_CHARS: Final = 4
_MIN_TITLE_CHARS: Final = 2
MAX_TITLE_CHARS: Final = 150
MAX_CANDIDATES: Final = 200
_TAG_SCORES: Final[Mapping[str, int]] = {"h1": 3, "h2": 2, "h3": 1, "h4": 1, "h5": 1}
ACCEPTED: Final = 3  # an h1 that nothing speaks against
ACCEPTED_WITHOUT_TITLE: Final = 1  # where the page states nothing that could be its headline


def find_title(page: Page, lines: Sequence[Line], stated: str | None) -> tuple[str | None, Element | None]:
    """Return a page's headline and the element that shows it; None for what there is not.

    Args:
        lines: what the page shows.
        stated: headline that the publishing system states, where it does.
    """
    names = frozenset(_plain(name) for key in _SITE_NAMES if (name := page.properties.get(key)))
    shared = stated_text(page.properties.get("og:title"))
    own = _without_site(page.title, names)
    claims = [_plain(claim) for claim in (stated, shared, own) if claim and not _is_site(claim, names)]
    best: tuple[int, str, Element] | None = None
    # An office's name as the page's title is the site's, unless a heading says the same.
    candidates = [
        (each, text)
        for each in _candidates(page.body)
        if each.is_short(8 * MAX_TITLE_CHARS) and 0 < len(text := text_of(each)) <= MAX_TITLE_CHARS
    ]
    claims = [
        claim
        for claim in claims
        if not _OFFICE.fullmatch(claim) or any(_agreement(_plain(text), claim) for _element, text in candidates)
    ]
    above_text = _above_text([element for element, _text in candidates], lines)
    for element, text in candidates:
        score = _score(element, text, claims, names, page.title) + (2 if element is above_text else 0)
        if best is None or score > best[0]:
            best = (score, text, element)
    if best is not None:
        best = (best[0], _claimed(best[1], (stated, shared, own)), best[2])
    if best is not None and best[0] >= (ACCEPTED if claims else ACCEPTED_WITHOUT_TITLE):
        return best[1], best[2]
    fallback = next(
        (claim for claim in (stated, _without_site(shared, names), own) if claim and not _is_site(claim, names)), None
    )
    if fallback is None and best is not None and best[0] >= 0:
        return best[1], best[2]
    title = fallback or page.title
    return title, _line_of(title, lines)


def _line_of(title: str | None, lines: Sequence[Line]) -> Element | None:
    """Return the element that shows the headline and nothing else, though no markup tells that it is one."""
    plain = _plain(title or "")
    prose = sum(line.size for line in lines if is_prose(line))
    above = 0
    for line in lines:
        above += line.size if is_prose(line) else 0
        is_alone = _plain(line.text) == plain and line.block.is_short(8 * MAX_TITLE_CHARS)
        if is_alone and plain == _plain(text_of(line.block)):
            return line.block if 2 * above <= prose else None  # under the text an office signs with its name
    return None


def _above_text(candidates: list[Element], lines: Sequence[Line]) -> Element | None:
    """Return the candidate under which most running text stands before the next one."""
    owner = {id(below): number for number, each in enumerate(candidates) for below in each.elements()}
    prose = [0] * len(candidates)
    at = -1
    for line in lines:
        at = owner.get(id(line.block), at)
        if at >= 0 and is_prose(line):
            prose[at] += line.size
    return candidates[prose.index(max(prose))] if prose and max(prose) > 0 else None


def _claimed(text: str, claims: Sequence[str | None]) -> str:
    """Return a heading as the page's markup states it where only a mark like 原创 stands before it."""
    return next((claim for claim in claims if claim and text.endswith(claim) and len(text) - len(claim) <= 4), text)


def _candidates(body: Element) -> Iterator[Element]:
    found = 0
    for element in body.elements():
        if element.tag in _TAG_SCORES or (element.attributes and _NAMED_TITLE.search(element.names)):
            yield element
            found += 1
        if found >= MAX_CANDIDATES:
            return


def _score(element: Element, text: str, claims: list[str], names: frozenset[str], title: str | None) -> int:
    """Return how much speaks for an element being the headline."""
    plain = _plain(text)
    score = _TAG_SCORES.get(element.tag, 1)
    if element.tag not in _TAG_SCORES and _TITLE_OF_OTHERS.search(element.names):
        score -= 2
    score += max((_agreement(plain, claim) for claim in claims), default=0)
    if claims and title and not any(_agreement(plain, claim) for claim in claims):
        score -= 1 if len(claims) < 2 else 2 if claims[0][:8] == claims[1][:8] else 1
        score += 1 if element.tag == "h1" and len(plain) > 8 else 0
    if _is_site(text, names):
        score -= 8
    above = [element, *islice(element.above(), MAX_LOOKED_UP)]
    if any(each.tag in ("article", "main") for each in above):
        score += 2
    elif any(is_of_site(each) for each in above):
        score -= 4
    if any(is_about_others(each) or (each.tag in ("li", "td") and each is not element) for each in above):
        score -= 3
    if _is_link(element):
        score -= 4
    return score


def _agreement(plain: str, claim: str) -> int:
    if plain == claim:
        return 8
    short, long = sorted((plain, claim), key=len)
    if len(short) >= _MIN_HEADING_CHARS and long.startswith(short):
        return 6 if len(short) * 3 > len(long) else 3
    return 3 if len(short) > 8 and short in long else 0


def _is_link(element: Element) -> bool:
    links = [below for below in element.elements() if below.tag == "a"]
    return any(_plain(link.text()) == _plain(element.text()) for link in links[:3])


def _plain(text: str) -> str:
    return "".join(text.split()).rstrip(".…")


def _is_site(text: str, names: frozenset[str]) -> bool:
    plain = _plain(text)
    return (
        plain in names
        or _PAPER.fullmatch(plain) is not None
        or (
            len(plain) <= _MAX_SITE_CHARS and _SITE.search(plain) is not None and not re.search(r"[，。！？：“]", plain)
        )
    )


def _without_site(title: str | None, names: frozenset[str]) -> str | None:
    """Return a page's title without the names of site and column that follow or precede it."""
    if not title or len(title) > 4 * MAX_TITLE_CHARS:
        return title
    separators = list(_SEPARATOR.finditer(title))
    if not separators:
        return title.strip() or None
    first, rest = title[: separators[0].start()], title[separators[0].end() :]
    if first and not _is_site(first, names) and len(first.strip()) >= _MIN_TITLE_CHARS:
        return first.strip()
    last = _SEPARATOR.split(rest)
    return next((part.strip() for part in last if part and not _is_site(part, names)), None)
