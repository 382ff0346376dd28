"""A line of a corpus file: one article, with what its fields say of kicker, deck, captions and sub-headings."""

from dataclasses import replace

from index.records import Article, Beside, Document
from index.repair.mapped_text import Mapped
from index.segment.assemble import beside_of, make_article
from index.segment.issues import Issues


def read_record(document: Document, issues: Issues, text: Mapped) -> Article:
    """Return the article of a corpus line; fields of its kind are read that `wenju articles --json` writes.

    Args:
        text: the line's own, without deceptive characters.
    """
    article = make_article(issues.parts[0], 0, text, title=document.title)
    kicker, deck = (" ".join(_stated(document, name)) or None for name in ("kicker", "deck"))
    captions = _stated(document, "captions")
    beside: list[Beside | None] = [beside_of("kicker", kicker), beside_of("deck", deck)]
    beside += [beside_of("caption", caption) for caption in captions]
    return replace(
        article,
        kicker=kicker,
        deck=deck,
        captions=captions,
        subheads=_stated(document, "subheads"),
        beside=tuple(item for item in beside if item),
    )


def _stated(document: Document, name: str) -> tuple[str, ...]:
    """The texts of a field that is one text or a list of them; none of a field that is anything else."""
    stated = document.metadata.get(name)
    listed = stated if isinstance(stated, list) else [stated]
    if not all(isinstance(one, str) for one in listed):
        return ()
    return tuple(text for one in listed if (text := " ".join(str(one).split())))
