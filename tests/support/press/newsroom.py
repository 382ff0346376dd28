"""A clean article becomes a story: headline, dateline, section headings, table, verse, captions."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from press.articles import CleanArticle, sentences
from press.kinds import Kind, Profile
from press.names import latin_phrase, name_rows, reporter, table_rows, verse_lines
from press.wording import clauses, headline_of, second_line_of, subhead_of

PartRole = Literal["body", "subhead", "rows"]


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, a section heading, or rows that keep their line ends (a table, a name list, a poem).

    Args:
        follows: the second half of a paragraph that was cut: it is set without indent.
        lifted: printed away from its place, as an object of its own.
        cut: the first half of one: its block ends with a full line, and what is left of it goes on.
    """

    role: PartRole
    text: str
    follows: bool = False
    lifted: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One item of a page in reading order.

    Args:
        form: what it is; "brief" is set in a row with others, "note" and "sidebar" beside another story.
        headline: None where none is printed.
        label: a line above the headline that is no part of it (a sidebar's 相关链接).
        blocks: its parts by text block; more than one where it was cut.
        jump: the lines 下转 or 上接 that belong to it.
        kinds: what was planned for it.
    """

    form: Literal["news", "notice", "brief", "note", "sidebar"]
    headline: str | None
    blocks: tuple[tuple[Part, ...], ...]
    kicker: str | None = None
    deck: str | None = None
    label: str | None = None
    captions: tuple[str, ...] = ()
    jump: str | None = None
    kinds: frozenset[Kind] = field(default_factory=frozenset)

    def marked(self, *kinds: Kind) -> "Story":
        """Return it with these kinds noted."""
        return replace(self, kinds=self.kinds | set(kinds))


_SHORTEST_BLOCK = 90
"""Characters of the smaller half of a cut story: a text block of less than five lines is not made."""
_WORN: tuple[Kind, ...] = ("kerned_head", "kerned_body", "vertical_head")


def dateline(rng: Random) -> str:
    """Word what a report opens with: 本报讯, mostly with who wrote it."""
    draw = rng.random()
    if draw < 0.25:
        return "本报讯　" if rng.random() < 0.3 else "本报讯 "
    if draw < 0.55:
        return f"本报讯（记者 {reporter(rng)}）"
    if draw < 0.8:
        return f"本报讯（通讯员 {reporter(rng)}）"
    if draw < 0.93:
        return f"本报讯（记者 {reporter(rng)} 通讯员 {reporter(rng)}）"
    return f"新华社{rng.choice(('北京', '上海', '广州', '成都'))}{rng.randint(1, 12)}月{rng.randint(1, 28)}日电（记者 {reporter(rng)}）"


def report(article: CleanArticle, profile: Profile, rng: Random, *, short: bool = False) -> Story:
    """Edit an article into a news story of this profile; a short one where many share the page."""
    kinds: set[Kind] = set()
    texts = list(article.paragraphs)
    if short or rng.random() < 0.2:  # not all reports are long
        texts = texts[: max(1, len(texts) // (3 if short else 2))]
    whole = "".join(texts)
    headline = article.title or headline_of(whole, rng)
    parts = [Part("body", t) for t in texts]
    if profile.happens("subheads", rng) and len(parts) >= 4:
        parts = _with_subheads(parts, profile, kinds, rng)
    parts = _with_furnishing(parts, profile, kinds, rng)
    signed = profile.happens("no_dateline", rng)
    if signed:
        kinds.add("no_dateline")
        if rng.random() < 0.5:
            parts.append(Part("body", f"（{reporter(rng)}）"))
    else:
        parts[0] = replace(parts[0], text=dateline(rng) + parts[0].text)
    kicker = deck = None
    if profile.happens("kicker", rng) and (kicker := second_line_of(whole, headline, rng)):
        kinds.add("kicker")
    if profile.happens("deck", rng) and (deck := second_line_of(whole, headline + (kicker or ""), rng)):
        kinds.add("deck")
    captions = _captions(whole, profile, kinds, rng)
    kinds.update(k for k in _WORN if profile.happens(k, rng))
    story = Story("news", headline, (tuple(parts),), kicker, deck, None, captions, None, frozenset(kinds))
    return _cut(_continued(story, profile, rng), profile, rng)


def _with_subheads(parts: list[Part], profile: Profile, kinds: set[Kind], rng: Random) -> list[Part]:
    size = rng.choice((2, 2, 3))
    made, first = list[Part](), rng.choice((1, 1, 2))
    lifts = profile.happens("lifted_subhead", rng)
    for number, part in enumerate(parts):
        if number >= first and (number - first) % size == 0:
            section = "".join(p.text for p in parts[number : number + size])
            heading = subhead_of(section, rng)
            if heading:
                kinds.add("subheads")
                if len(heading) > 7 and profile.happens("truncated_subhead", rng):
                    kinds.add("truncated_subhead")
                    heading = heading[rng.randint(2, 4) :] if rng.random() < 0.6 else heading[: -rng.randint(2, 4)]
                lifted = lifts and rng.random() < 0.7
                if lifted:
                    kinds.add("lifted_subhead")
                made.append(Part("subhead", heading, lifted=lifted))
        made.append(part)
    return made


def _with_furnishing(parts: list[Part], profile: Profile, kinds: set[Kind], rng: Random) -> list[Part]:
    made = list(parts)
    for kind, rows in (("table", table_rows), ("name_list", name_rows), ("verse", verse_lines)):
        if profile.happens(kind, rng):  # type: ignore[arg-type]
            kinds.add(kind)  # type: ignore[arg-type]
            made.insert(rng.randint(1, len(made)), Part("rows", rows(rng)))
    if profile.happens("latin", rng):
        kinds.add("latin")
        for number, part in enumerate(made):
            if part.role == "body" and rng.random() < 0.6:
                cuts = [i + 1 for i, c in enumerate(part.text) if c in "，、"] or [len(part.text)]
                at = rng.choice(cuts)
                made[number] = replace(part, text=f"{part.text[:at]}{latin_phrase(rng)}{part.text[at:]}")
    return made


def _captions(whole: str, profile: Profile, kinds: set[Kind], rng: Random) -> tuple[str, ...]:
    if not profile.happens("caption", rng):
        return ()
    kinds.add("caption")
    found = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        credit = f"{rng.choice((' ', '　', chr(10)))}{reporter(rng).split()[0]}{rng.choice(('/摄', ' 摄', ' 摄影'))}"
        if profile.happens("long_caption", rng):
            kinds.add("long_caption")
            text = "".join(rng.sample(sentences(whole), min(2, len(sentences(whole)))))
        else:
            text = rng.choice(clauses(whole, 6, 22) or ["活动现场"]) + rng.choice(("。", ""))
        opening = rng.choice(("", "", "图为", "▼", "◀", "▲", "↑", "上图："))
        credited = rng.random() < 0.7
        if "long_caption" in kinds and not opening and not credited:
            opening = "图为"  # nothing else would tell it from the text
        found.append(opening + text + (credit if credited else ""))
    return tuple(found)


def _continued(story: Story, profile: Profile, rng: Random) -> Story:
    """Take away what stands on another page, and name that page."""
    page = f"{rng.randint(1, 8):02d}版"
    parts = story.blocks[0]
    if profile.happens("jump_from", rng) and len(parts) > 2:
        parts = parts[rng.randint(1, len(parts) - 2) :]
        if parts[0].role == "body" and rng.random() < 0.4:
            parts = (replace(parts[0], text=_second_half(parts[0].text, rng), follows=True), *parts[1:])
        headless = profile.happens("no_head", rng)
        kinds: tuple[Kind, ...] = ("jump_from", "no_head") if headless else ("jump_from",)
        jump = rng.choice((f"（上接{page}）", f"（上接{page}）", f"(上接第{page[1:]})", f"上接{page}"))
        kept = replace(story, blocks=(parts,), jump=jump, kicker=None, deck=None)
        return replace(kept, headline=None if headless else story.headline).marked(*kinds)
    if profile.happens("jump_to", rng) and len(parts) > 2 and parts[0].role == "body":
        parts = parts[: rng.randint(2, len(parts) - 1)]
        while parts[-1].role == "subhead":  # a heading is never the last line of a page
            parts = parts[:-1]
        if rng.random() < 0.4 and len(parts[-1].text) > 30 and parts[-1].role == "body":
            parts = (
                *parts[:-1],
                replace(parts[-1], text=parts[-1].text[: rng.randint(20, len(parts[-1].text) - 5)], cut=True),
            )
        return replace(story, blocks=(parts,), jump=rng.choice((f"（下转{page}）", f"下转{page}"))).marked("jump_to")
    return story


def _second_half(text: str, rng: Random) -> str:
    return text[rng.randint(1, max(1, len(text) // 2)) :]


def _cut(story: Story, profile: Profile, rng: Random) -> Story:
    """Set a story in two text blocks, cut in mid-sentence or after a paragraph, neither of them tiny."""
    parts = story.blocks[0]
    if profile.happens("cut_mid", rng):
        places = [(n, i) for n, p in enumerate(parts) if p.role == "body" for i in _cuttable(p.text)]
        places = [(n, i) for n, i in places if _balanced(parts, n, i)]
        if places:
            at, place = rng.choice(places)
            text = parts[at].text
            first = (*parts[:at], replace(parts[at], text=text[:place], cut=True))
            second = (replace(parts[at], text=text[place:], follows=True), *parts[at + 1 :])
            return replace(story, blocks=(first, second)).marked("cut_mid")
    elif profile.happens("cut_paragraph", rng):
        ends = [n for n in range(1, len(parts)) if parts[n - 1].role == "body" and _balanced(parts, n, 0)]
        if ends:
            at = rng.choice(ends)
            return replace(story, blocks=(parts[:at], parts[at:])).marked("cut_paragraph")
    return story


def _cuttable(text: str) -> list[int]:
    return [
        i for i in range(4, len(text) - 4) if text[i - 1] not in "。！？”“（《" and text[i] not in "，。；：、！？”）》"
    ]


def _balanced(parts: tuple[Part, ...], number: int, place: int) -> bool:
    before = sum(len(p.text) for p in parts[:number] if not p.lifted) + place
    after = sum(len(p.text) for p in parts[number:] if not p.lifted) - place
    return min(before, after) >= _SHORTEST_BLOCK
