"""Clean articles → a newspaper page as a text extractor dumps it, with the truth about it.

`python tests/support/pages/damage.py --seed 7 --pages 5 --out DIR` writes pages to look at, and what they were made of.
"""

import argparse
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from composing import Frame, Item, Setting, TrueArticle, set_item, split_for_caption
from headings import BANNERS, fillers, printed_caption, printed_headlines
from newsprint import CleanArticle, dressed, load_articles, pick

KINDS = (
    "hard_wraps", "block_wraps", "long_lines", "column_change", "column_edge", "gap_in_sentence", "number_torn",
    "kerning", "kerning_heavy", "digit_spaces", "half_width", "subscript",
    "doubled_headline", "doubled_piecewise", "doubled_caption", "headline_lines", "vertical_reversed",
    "headline_before", "headline_after", "headline_far", "headlines_first", "headlines_reversed", "kicker_split",
    "jump_to", "jump_from", "untitled_rest", "cut_mid_sentence", "cut_in_title", "cut_paragraph",
    "subheads_lifted", "subhead_truncated", "caption", "caption_pointer", "caption_inside",
    "banner", "editors_note", "notice", "no_dateline",
)  # fmt: skip
"""Every kind of damage that can be switched. Some need another: a mode of lines, headlines after their bodies, a jump."""

PROFILES = {
    "before": {"before": 8, "after": 1, "far": 1, "first": 0},
    "after": {"before": 2, "after": 6, "far": 1, "first": 1},
    "first": {"before": 1, "after": 2, "far": 0, "first": 5},
    "mixed": {"before": 3, "after": 3, "far": 2, "first": 2},
}
PLACED = {"before": "headline_before", "after": "headline_after", "far": "headline_far", "first": "headlines_first"}


@dataclass(frozen=True, slots=True)
class DamagedPage:
    """A page's text and what it was made of; `noise` is printed on it and belongs to no article."""

    text: str
    articles: tuple[TrueArticle, ...]
    noise: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(slots=True)
class _Block:
    """What one article, or its rest, brings to the page in one place."""

    item: Item
    before: list[Frame] = field(default_factory=list)
    body: list[Frame] = field(default_factory=list)
    after: list[Frame] = field(default_factory=list)
    is_rest: bool = False

    def frames(self) -> list[Frame]:
        return [*self.before, *self.body, *self.after]


@dataclass(slots=True)
class _Page:
    setting: Setting
    rng: random.Random
    blocks: list[_Block] = field(default_factory=list)
    top: list[Frame] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)


def make_page(
    rng: random.Random, articles: Sequence[CleanArticle], kinds: Collection[str] | None = None
) -> DamagedPage:
    """A page of these articles with damage of these kinds (None: all), each by chance."""
    allowed = frozenset(KINDS if kinds is None else kinds)
    setting = _setting(rng, allowed)
    page = _Page(setting, rng)
    dress = [dressed(article, rng, dateline=not setting.may(rng, "no_dateline", 0.13)) for article in articles]
    dress = [article if "caption" in allowed else replace(article, captions=()) for article in dress]
    dress += fillers(setting, rng)
    items = _set_items(page, dress)
    for item in items:
        page.blocks.append(_Block(item, body=[Frame("body", item.owner, tuple(item.parts[0]))]))
    _place_headlines(page)
    _place_jumps(page)
    _place_rests(page)
    _place_captions(page)
    if setting.may(rng, "banner", 0.2):
        _insert_banner(page, rng.choice(page.blocks), rng.choice(BANNERS))
    _part_what_cannot_be_told(page)
    text = _dump(page)
    truth = tuple(item.truth() for item in items)
    return DamagedPage(text, truth, tuple(page.noise), frozenset().union(*(article.kinds for article in truth)))


def _setting(rng: random.Random, allowed: frozenset[str]) -> Setting:
    modes = [mode for mode in ("hard_wraps", "block_wraps", "long_lines") if mode in allowed]
    shares = {"hard_wraps": 6, "block_wraps": 3, "long_lines": 2}
    mode = rng.choices(modes, [shares[mode] for mode in modes])[0] if modes else "clean"
    return Setting(
        mode=mode,
        allowed=allowed,
        doubles=rng.random() < {"hard_wraps": 0.6}.get(mode, 0.1),
        half_width="half_width" in allowed and rng.random() < {"long_lines": 0.8}.get(mode, 0.05),
        digit_spaces=rng.choice((0.2, 0.6, 1.0)) if "digit_spaces" in allowed and rng.random() < 0.3 else 0.0,
        kerns=rng.random() < 0.4 and not allowed.isdisjoint(("kerning", "kerning_heavy")),
    )


def _set_items(page: _Page, articles: list[CleanArticle]) -> list[Item]:
    rng, setting = page.rng, page.setting
    page.rng.shuffle(articles)
    items: list[Item] = []
    cuts_left = rng.choice((0, 0, 0, 1, 1, 2))
    jumps = [jump for jump, share in (("jump_from", 0.25), ("jump_to", 0.12)) if setting.may(rng, jump, share)]
    for number, article in enumerate(articles):
        item = Item(number, article)
        is_news = article.has_dateline and not article.is_english
        jump = jumps.pop() if jumps and is_news and (number == 0 or rng.random() < 0.3) else None
        cut = bool(cuts_left) and jump is None and article.title is not None and number < len(articles) - 1
        cut = cut and len(article.text) > 250 and rng.random() < 0.35
        cuts_left -= cut
        set_item(item, setting, rng, items[-1].widths if items else (60.0,), jump=jump, cut=cut)
        if article.id in ("editors_note", "notice"):
            item.kinds -= {"notice", "no_dateline"}
            item.kinds.add(article.id)
        items.append(item)
    return items


def _place_headlines(page: _Page) -> None:
    rng, setting = page.rng, page.setting
    weights = PROFILES[rng.choices(list(PROFILES), [3, 3, 2, 3])[0]]
    places = [place for place in weights if PLACED[place] in setting.allowed] or ["before"]
    for number, block in enumerate(page.blocks):
        item = block.item
        frames = printed_headlines(setting, rng, item)
        if item.lifted:
            lifted = Frame("subheads", item.owner, rows=item.lifted)
            block.before.append(lifted)
        if not frames:
            continue
        place = rng.choices(places, [weights[place] or 0.1 for place in places])[0]
        if not item.begins_clearly:
            place = "after" if place == "after" else "before"
        if place == "far" and number == 0:
            place = "before"
        item.kinds.add(PLACED[place])
        if len(frames) > 1:
            item.kinds.add("kicker_deck")
            if setting.may(rng, "kicker_split", 0.3):
                item.kinds.add("kicker_split")
                side = frames.pop(rng.choice((0, -1)))
                (block.before if place == "after" else block.after).append(side)
        if place == "before":
            block.before = frames + block.before
        elif place == "after":
            block.after += frames if rng.random() < 0.7 else frames[::-1]
        elif place == "first":
            page.top = page.top + frames if rng.random() < 0.7 else frames + page.top
        else:
            earlier = page.blocks[max(0, number - rng.choice((1, 1, 2, 3)))]
            earlier.before = frames + earlier.before if rng.random() < 0.5 else earlier.before + frames
    _swap_headlines(page)


def _swap_headlines(page: _Page) -> None:
    """Two bodies, and then their headlines in reverse order."""
    for one, two in pairwise(page.blocks):
        both = one.after and two.after and not (one.before or two.before) and two.item.begins_clearly
        if both and page.setting.may(page.rng, "headlines_reversed", 0.3):
            two.after, one.after = two.after + one.after, []
            one.item.kinds.add("headlines_reversed")
            two.item.kinds.add("headlines_reversed")


def _place_jumps(page: _Page) -> None:
    rng = page.rng
    for number, block in enumerate(page.blocks):
        item = block.item
        if item.jump_to:
            block.after.insert(0, Frame("jump", item.owner, rows=(item.jump_to,)))
            page.noise.append(item.jump_to)
        if item.jump_from:
            page.noise.append(item.jump_from)
            frame = Frame("jump", item.owner, rows=(item.jump_from,))
            is_apart = number == 0 or page.blocks[number - 1].after
            if is_apart and (not item.is_titled or rng.random() < 0.5):  # 上接 after the body, as on inner pages
                block.after.append(frame)
            else:
                block.before.insert(rng.choice((0, len(block.before))), frame)


def _place_rests(page: _Page) -> None:
    """What a cut article goes on with stands after one or two others."""
    for block in [block for block in page.blocks if len(block.item.parts) > 1]:
        rest = _Block(block.item, body=[Frame("body", block.item.owner, tuple(block.item.parts[1]))], is_rest=True)
        if block.after and page.rng.random() < 0.5:
            rest.after, block.after = block.after, []
        place = page.blocks.index(block) + 1 + page.rng.choice((1, 1, 2))
        page.blocks.insert(min(place, len(page.blocks)), rest)


def _place_captions(page: _Page) -> None:
    rng, setting = page.rng, page.setting
    for number, block in enumerate(list(page.blocks)):
        for caption in () if block.is_rest else block.item.article.captions:
            frame = Frame("caption", block.item.owner, rows=printed_caption(setting, rng, block.item, caption))
            may_split = setting.mode != "clean" and setting.may(rng, "caption_inside", 0.15)
            if may_split and split_for_caption(block.item, rng):
                one, two = (Frame("body", block.item.owner, tuple(part)) for part in block.item.parts)
                block.body = [one, frame, two]
                continue

            elsewhere = rng.randrange(max(0, number - 1), min(len(page.blocks), number + 3))
            target = page.blocks[elsewhere] if rng.random() < 0.5 else block
            target.after.insert(rng.randint(0, len(target.after)), frame)
            block.item.kinds.add("caption")


def _insert_banner(page: _Page, block: _Block, text: str) -> None:
    block.before.insert(0, Frame("banner", -1, rows=(text,)))
    page.noise.append(text)
    block.item.kinds.add("banner")


def _part_what_cannot_be_told(page: _Page) -> None:
    """Where nothing but its topic would show that a body is another article's than the one before, part them."""
    for number, block in enumerate(page.blocks):
        item = block.item
        previous = page.blocks[number - 1] if number else None
        if previous is None or block.before or previous.after or (item.begins_clearly and not block.is_rest):
            continue
        if block.is_rest:
            if "cut_paragraph" not in item.kinds and page.rng.random() < 0.7:
                continue
            if previous.item.begins_clearly and not previous.is_rest and previous.before:
                _move_headlines(previous.item, previous.before, previous.after, "headline_before", "headline_after")
                if previous.after:
                    continue
        else:
            narrow = abs(previous.item.widths[-1] - item.widths[0]) >= 3 and page.setting.mode != "long_lines"
            if narrow and page.setting.mode != "clean":
                continue
            _move_headlines(item, block.after, block.before, "headline_after", "headline_before")
        if not block.before:
            _insert_banner(page, block, page.rng.choice(BANNERS))


def _move_headlines(item: Item, source: list[Frame], target: list[Frame], was: str, becomes: str) -> None:
    """Move the headlines that stand next to a body to its other side."""
    heads = [frame for frame in source if frame.role in ("headline", "kicker", "deck") and frame.owner == item.owner]
    for frame in heads:
        source.remove(frame)
        target.append(frame)
    if any(frame.role == "headline" for frame in heads):
        item.kinds -= {was}
        item.kinds |= {becomes}


def _dump(page: _Page) -> str:
    rng, mode = page.rng, page.setting.mode
    frames = [*page.top, *(frame for block in page.blocks for frame in block.frames())]
    gap, line_gap = "\n\n", "\n\n" if mode == "hard_wraps" else "\n"
    parts = [" "]
    for frame in frames:
        for number, line in enumerate(frame.lines):
            is_last = number == len(frame.lines) - 1
            parts.append(line.printed)
            tight = line.is_subhead and rng.random() < 0.5 and mode != "long_lines"
            parts.append("\n" if tight else gap if line.ends or line.wide or is_last else line_gap)
        if frame.rows:
            lead = " " if frame.role in ("jump", "caption") and rng.random() < 0.3 else ""
            rows = ("\n" if frame.role != "subheads" else gap).join(frame.rows)
            tight = frame.role in ("headline", "kicker", "deck") and rng.random() < 0.35
            parts += [lead + rows, "\n" if tight and mode != "long_lines" else gap]
    return "".join(parts).rstrip() + "\n"


def generate(
    seed: int, count: int, articles: Sequence[CleanArticle] | None = None, kinds: Collection[str] | None = None
) -> list[DamagedPage]:
    """Pages of three to nine articles; the same for the same seed."""
    rng = random.Random(seed)
    articles = load_articles() if articles is None else articles
    return [make_page(rng, pick(rng, articles, rng.choice((3, 4, 4, 5, 5, 6, 7, 9))), kinds) for _ in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, help="only damage of these kinds")
    parser.add_argument("--news", help="JSONL(.gz) of clean articles; default: the environment's, else the sample's")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "gold.jsonl").open("w", encoding="utf-8") as gold:
        for number, page in enumerate(
            generate(options.seed, options.pages, load_articles(options.news), options.kinds)
        ):
            name = f"page{number:03d}.txt"
            (options.out / name).write_text(page.text, encoding="utf-8")
            for article in page.articles:
                row = asdict(article) | {"source": name, "kinds": sorted(article.kinds)}
                gold.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
