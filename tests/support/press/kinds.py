"""What can happen to a page, and how often it does in each profile.

The rates of "usual" were counted on five real pages with 28 articles: 9 headlines before their body, 10 after it and 8
far from it; 1 article cut in two; 3 continuations, 2 reports without dateline, 1 notice, 1 editor's note; 7 articles with
section headings, of one of them lifted. A kind that none of them shows has a few in a hundred. "hard" has two to four times as much of everything. "clean" does nothing: column order, no damage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

Kind = Literal[
    # of a story
    "cut_mid", "cut_paragraph", "subheads", "lifted_subhead", "truncated_subhead", "no_dateline", "head_after",
    "far_head", "kicker", "deck", "kerned_head", "kerned_body", "vertical_head", "caption", "long_caption", "jump_to",
    "jump_from", "no_head", "table", "name_list", "verse", "latin",
    # of a page
    "notice", "reversed_heads", "briefs", "editors_note", "sidebar", "twins", "watermark", "zero_width", "folio",
    "furniture", "advert", "doubled_head", "half_width", "gaps", "lost_punctuation", "two_articles", "twenty_articles",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

Order = Literal["threads", "heads_first", "heads_last", "rows", "upward", "columns", "random"]
"""threads: story by story, as the frames were drawn. heads_first, heads_last: all headlines, then all bodies, or the
other way about. rows: by the top edge. upward: from the bottom. columns: down the page's columns, across stories.
random: blocks in any order."""

Style = Literal["spaced", "wrapped", "joined", "bare"]
"""spaced: a blank line after each line. wrapped: blank lines after paragraphs and some column ends. joined: one line a
paragraph, broken at column ends. bare: a newline after each line, nothing else."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How often each kind happens: of a story per story, of a page per page.

    Args:
        stories: least and greatest number of news stories on a page.
        themed: share of the stories chosen for their likeness to the page's first, as one district's news are alike.
    """

    name: str
    rates: Mapping[Kind, float]
    orders: Mapping[Order, float]
    styles: Mapping[Style, float]
    stories: tuple[int, int]
    themed: float

    def happens(self, kind: Kind, rng: Random) -> bool:
        """Draw whether it happens now."""
        return rng.random() < self.rates.get(kind, 0.0)

    def only(self, *kinds: Kind) -> "Profile":
        """Return this profile with all other kinds switched off."""
        return Profile(self.name, {k: self.rates.get(k, 0.0) for k in kinds}, self.orders, self.styles, self.stories,
                       self.themed)  # fmt: skip


USUAL = Profile(
    "usual",
    {
        "cut_mid": 0.05, "cut_paragraph": 0.02, "subheads": 0.2, "lifted_subhead": 0.15, "truncated_subhead": 0.1,
        "no_dateline": 0.08, "head_after": 0.45, "far_head": 0.22, "kicker": 0.2, "deck": 0.08, "kerned_head": 0.03,
        "kerned_body": 0.08, "vertical_head": 0.06, "caption": 0.25, "long_caption": 0.2, "jump_to": 0.04,
        "jump_from": 0.1, "no_head": 0.4, "table": 0.03, "name_list": 0.03, "verse": 0.02, "latin": 0.05,
        "notice": 0.2, "reversed_heads": 0.12, "briefs": 0.06, "editors_note": 0.2, "sidebar": 0.05, "twins": 0.25,
        "watermark": 0.06, "zero_width": 0.05, "folio": 0.05, "furniture": 0.25, "advert": 0.08, "doubled_head": 0.4,
        "half_width": 0.2, "gaps": 0.08, "lost_punctuation": 0.06, "two_articles": 0.03, "twenty_articles": 0.03,
    },
    {"threads": 0.62, "heads_first": 0.1, "heads_last": 0.05, "rows": 0.15, "upward": 0.03, "columns": 0.02,
     "random": 0.03},
    {"spaced": 0.5, "wrapped": 0.2, "joined": 0.2, "bare": 0.1},
    (4, 8),
    0.5,
)  # fmt: skip

HARD = Profile(
    "hard",
    {
        "cut_mid": 0.15, "cut_paragraph": 0.08, "subheads": 0.35, "lifted_subhead": 0.35, "truncated_subhead": 0.2,
        "no_dateline": 0.25, "head_after": 0.45, "far_head": 0.35, "kicker": 0.3, "deck": 0.2, "kerned_head": 0.1,
        "kerned_body": 0.2, "vertical_head": 0.12, "caption": 0.4, "long_caption": 0.4, "jump_to": 0.08,
        "jump_from": 0.12, "no_head": 0.5, "table": 0.08, "name_list": 0.08, "verse": 0.06, "latin": 0.15,
        "notice": 0.4, "reversed_heads": 0.25, "briefs": 0.3, "editors_note": 0.35, "sidebar": 0.35, "twins": 0.6,
        "watermark": 0.15, "zero_width": 0.12, "folio": 0.12, "furniture": 0.4, "advert": 0.25, "doubled_head": 0.4,
        "half_width": 0.25, "gaps": 0.2, "lost_punctuation": 0.15, "two_articles": 0.04, "twenty_articles": 0.06,
    },
    {"threads": 0.4, "heads_first": 0.13, "heads_last": 0.1, "rows": 0.17, "upward": 0.06, "columns": 0.05,
     "random": 0.09},
    {"spaced": 0.4, "wrapped": 0.2, "joined": 0.15, "bare": 0.25},
    (5, 11),
    0.7,
)  # fmt: skip

CLEAN = Profile("clean", {}, {"threads": 1.0}, {"wrapped": 1.0}, (3, 5), 0.0)

PROFILES: Mapping[str, Profile] = {p.name: p for p in (USUAL, HARD, CLEAN)}
