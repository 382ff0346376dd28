"""Drafts put right by their headings: which are headlines inside a body, which sub-headings stand outside theirs."""

from collections.abc import Sequence
from operator import attrgetter

from index.repair.lines import is_closed
from index.segment.assemble import DOUBTFUL, Draft
from index.segment.blocks import Block, heading_stacks
from index.segment.headlines import Match, find_lifted
from index.segment.sections import place_sections
from index.segment.topic_similarity import TopicSimilarity

SPARE_SHARE = 0.5
"""A headline has at least half of its rare character pairs in the part of a body that it stands over."""
FEWEST_BRIEFS = 3
FOREIGN_SIMILARITY = 0.35
"""A heading inside a body that another article has by so much more of is that article's headline."""


def free_foreign_headings(blocks: Sequence[Block], drafts: Sequence[Draft], topics: TopicSimilarity) -> None:
    """Take a heading out of a body when it is plainly a headline: of another article of the page, or of this one.

    Args:
        drafts: changed in place.
        topics: of the drafts' texts.
    """
    for number, draft in enumerate(drafts):
        for place in sorted(draft.subheads):
            heading = blocks[place].text.text
            similarity = topics.similarities(heading)
            best = int(similarity.argmax())
            foreign = (
                best != number and similarity[best] - similarity[number] > FOREIGN_SIMILARITY and similarity[best] > 0.6
            )
            below = next((other for other in draft.places if other > place and other not in draft.subheads), None)
            if foreign or (below is not None and _heads_whole(blocks, draft, heading, below)):
                draft.subheads.discard(place)
                draft.places.remove(place)


def _heads_whole(blocks: Sequence[Block], draft: Draft, heading: str, below: int) -> bool:
    """Whether a heading inside a body speaks of its lead and not of the section under it."""
    first = draft.places[0]
    if not blocks[first].is_fresh:
        return False
    section = [place for place in draft.places if place >= below and place not in draft.subheads][:3]
    topics = TopicSimilarity([blocks[first].text.text, "\n".join(blocks[place].text.text for place in section)])
    return topics.share(heading, 0) > 0.6 and topics.share(heading, 1) < 0.5 * topics.share(heading, 0)


def heads_of_sections(
    blocks: Sequence[Block], draft: Draft, lifted: Sequence[Match], loose: list[int], *, is_continued: bool
) -> list[Match]:
    """Return the sub-headings of an article that were printed away from its sections, and take them from its headline.

    Besides those that were learnt to be, lines right over the article: of a whole one's those that each speak of a later
    section, in the order of the sections; of what goes on from another page all that speak of it, where its headline is
    printed elsewhere.

    Args:
        lifted: those that were learnt to be its sub-headings.
        loose: headings of no article, some of which may be its sub-headings; changed in place, as the draft is.
    """
    first = min(draft.places)
    known = {match.place: match for match in (*draft.matches, *lifted)}
    stack = [place for place in range(first) if _touches(blocks, place, first) and (place in known or place in loose)]
    over = [known.get(place, Match(place, None, 0.0, 0.0)) for place in stack]
    lines = [blocks[place].text.text for place in stack]
    bodies = [blocks[place].text.text for place in draft.places if blocks[place].role == "text"]
    if is_continued:
        topics = TopicSimilarity(bodies)
        everything = range(len(bodies))
        heads = [
            match
            for match, line in zip(over, lines, strict=True)
            if match.place in known or topics.union_share(line, everything) >= SPARE_SHARE
        ]
    else:
        heads = [over[number] for number in find_lifted(lines, bodies)]
    if not {match.place for match in draft.matches} - {match.place for match in heads}:
        return list(lifted)
    draft.matches = [match for match in draft.matches if match not in heads]
    loose[:] = [place for place in loose if place not in {match.place for match in heads}]
    return sorted({*lifted, *heads}, key=lambda match: match.place)


def give_lines_over(blocks: Sequence[Block], drafts: Sequence[Draft], loose: list[int]) -> None:
    """Give a line that speaks of nothing to the article over whose text, or table, it stands with no other one's headline.

    It is a kicker or a deck, or tells more than the text does: nothing that is printed with a headline is noise.

    Args:
        drafts, loose: changed in place.
    """
    owners = {match.place: draft for draft in drafts for match in draft.matches}
    firsts = {min(draft.places): draft for draft in drafts}
    waiting = set(loose)
    for stack in heading_stacks(blocks):
        under = firsts.get(stack.stop)
        owned = [owners[place] for place in stack if place in owners]
        if under is None or any(owner is not under for owner in owned):
            continue
        is_table = blocks[stack.stop].role == "listing" and not under.matches
        given = stack if owned else stack[-1:] if is_table else ()
        under.matches += [Match(place, None, 0.0, 0.0) for place in given if place in waiting]
        under.matches.sort(key=attrgetter("place"))
        waiting.difference_update(given)
    loose[:] = [place for place in loose if place in waiting]


def place_lifted(blocks: Sequence[Block], draft: Draft, lifted: Sequence[Match], *, is_continued: bool) -> None:
    """Put sub-headings that were printed away from their body back over their paragraphs.

    Args:
        draft: changed in place.
        lifted: its own, in print order, which need not be that of their paragraphs.
        is_continued: it goes on from another page.
    """
    paragraphs = [place for place in draft.places if blocks[place].role == "text" and place not in draft.subheads]
    if not lifted or not paragraphs:
        draft.noise += [match.place for match in lifted]
        return
    printed = _printed_sections(draft, paragraphs)
    lines = [blocks[match.place].text.text for match in lifted]
    bodies = [blocks[place].text.text for place in paragraphs]
    has_lead = blocks[draft.places[0]].is_fresh
    over = place_sections(lines, bodies, printed, has_lead=has_lead, is_continued=is_continued)
    for number, match in sorted(zip(over, lifted, strict=True), key=lambda one: one[0]):
        draft.lifted.setdefault(paragraphs[number], []).append(match.place)
        draft.decisions.append(f"sub-heading “{blocks[match.place].text.text}” put back over its paragraph")


def _printed_sections(draft: Draft, paragraphs: Sequence[int]) -> list[int]:
    """Return the numbers of the paragraphs over which a sub-heading is printed in its place."""
    numbers = {place: number for number, place in enumerate(paragraphs)}
    found: list[int] = []
    waits = False
    for place in draft.places:
        waits = waits or place in draft.subheads
        if waits and place in numbers:
            found.append(numbers[place])
            waits = False
    return found


def part_by_headlines(blocks: Sequence[Block], draft: Draft) -> list[Draft]:
    """Part a body in two that took two headlines, one of which speaks only of its beginning and one only of its end.

    Returns the draft, shortened in place where that is so, and then what was parted from it.
    That is how an article without a dateline shows whose print nothing parts from the one above it. A heading right
    over the body is left alone: it may be a sub-heading that was lifted out.
    """
    first = draft.places[0]
    paragraphs = [place for place in draft.places if blocks[place].role == "text" and place not in draft.subheads]
    printed = {match.place for match in draft.matches}
    own = {place + side for place in draft.places for side in (-1, 1)}
    away = [
        match
        for match in draft.matches
        if match.place not in own
        and not printed & {match.place - 1, match.place + 1}
        and (match.place > first or not _touches(blocks, match.place, first))
    ]
    if len(draft.matches) < 2 or len(paragraphs) < 4 or not away:
        return [draft]
    topics = TopicSimilarity([blocks[place].text.text for place in paragraphs])
    everything = range(len(paragraphs))
    for match in away:
        heading = blocks[match.place].text.text
        for cut in reversed(everything[2:]):
            below = topics.union_share(heading, everything[cut:])
            if below < SPARE_SHARE or below < 0.95 * topics.union_share(heading, everything):
                continue
            rest = [other for other in draft.matches if other is not match]
            titles = [blocks[other.place].text.text for other in rest]
            stays = any(
                topics.union_share(title, everything[:cut])
                >= SPARE_SHARE
                > 2 * topics.union_share(title, everything[cut:])
                for title in titles
            )
            if topics.union_share(heading, everything[:cut]) > SPARE_SHARE / 3 or not stays:
                break
            return _parted(blocks, draft, paragraphs[cut], match)
    return [draft]


def part_briefs(blocks: Sequence[Block], draft: Draft) -> list[Draft]:
    """Part a body into briefs where each heading in it, and the headline, speaks of its one paragraph and of no other.

    Returns the draft, shortened in place where that is so, and then what was parted from it.
    """
    paragraphs, heads = draft.places[::2], draft.places[1::2]
    titles = [match for match in draft.matches if match.place == draft.places[0] - 1]
    if (
        len(paragraphs) < FEWEST_BRIEFS
        or len(heads) != len(paragraphs) - 1
        or set(heads) != draft.subheads
        or not titles
        or draft.lifted
        or any(not _is_brief(blocks[place]) for place in paragraphs)
    ):
        return [draft]
    topics = TopicSimilarity([blocks[place].text.text for place in paragraphs])
    for number, place in enumerate([titles[0].place, *heads]):
        shares = [topics.share(blocks[place].text.text, other) for other in range(len(paragraphs))]
        if shares[number] < SPARE_SHARE or any(
            share > SPARE_SHARE / 2 for other, share in enumerate(shares) if other != number
        ):
            return [draft]
    briefs = [
        Draft(
            [paragraph],
            matches=[Match(head, None, 1.0, 0.0)],
            confidence=DOUBTFUL - 0.01,
            decisions=["a brief: its heading speaks of its one paragraph alone"],
        )
        for head, paragraph in zip(heads, paragraphs[1:], strict=True)
    ]
    draft.places, draft.subheads = paragraphs[:1], set()
    draft.confidence = min(draft.confidence, DOUBTFUL - 0.01)
    return [draft, *briefs]


def _is_brief(block: Block) -> bool:
    return block.role == "text" and not block.is_fresh and is_closed(block.text.text)


def _parted(blocks: Sequence[Block], draft: Draft, place: int, match: Match) -> list[Draft]:
    at = draft.places.index(place)
    rest = set(draft.places[at:])
    new = Draft(
        draft.places[at:],
        draft.subheads & rest,
        [match],
        lifted={over: draft.lifted.pop(over) for over in sorted(rest & draft.lifted.keys())},
        resumed=draft.resumed & rest,
        confidence=DOUBTFUL - 0.01,
        decisions=[f"parted from the article above by its headline “{blocks[match.place].text.text}”"],
    )
    draft.subheads -= new.subheads
    draft.places = draft.places[:at]
    draft.matches = [other for other in draft.matches if other is not match]
    draft.confidence = min(draft.confidence, DOUBTFUL - 0.01)
    return [draft, new]


def _touches(blocks: Sequence[Block], place: int, first: int) -> bool:
    return all(block.role == "heading" for block in blocks[place:first])
