"""A new generation is believed when it has answered: opened from its files, read whole, asked what it must know.

scratch folder ─ what was meant? ─► opened ─ each table as meant? ─► asked for a few of its own chunks ─► published
"""

import numpy as np

from index.build.contents import CatalogueContents
from index.embedding.embedder import Embedder
from index.errors import IndexCorruptError
from index.files import NewFiles
from index.language.normalise import simplify
from index.language.sentences import find_content_sentences
from index.records import Float32, indexed_text
from index.store.generations import Generation
from index.store.manifest import Manifest, find_damage

TRIED_CHUNKS = 5
"""The first, the last, and some between them: what is lost of a file is mostly its end."""
_NEAR = 1e-3
"""Of a cosine, that rounding may take away."""


def try_out(files: NewFiles, manifest: Manifest, contents: CatalogueContents, embedder: Embedder) -> None:
    """Refuse a generation that is not what was meant, or cannot answer.

    Args:
        files: its scratch folder.
        contents: what its catalogue was to hold.
        embedder: the model of its vectors.
    Raises:
        IndexCorruptError: so it is; the message says which file.
    """
    for name, what in find_damage(files.folder, manifest):
        raise _refused(f"{files.folder / name} {what}")
    try:
        generation = Generation(files.folder, manifest)
    except IndexCorruptError as error:
        raise _refused(str(error)) from error
    try:
        if generation.catalogue.table_digests() != contents.table_digests:
            raise _refused(f"{files.folder}: the catalogue does not hold what was written into it")
        if len(generation.listing.entries) != manifest.counts.articles:
            raise _refused(f"{files.folder}: the catalogue does not list all articles")
        count = manifest.counts.chunks
        for row in np.unique(np.linspace(0, count - 1, TRIED_CHUNKS).astype(int)).tolist():
            _ask(generation, row, embedder)
    finally:
        generation.close()


def _ask(generation: Generation, row: int, embedder: Embedder) -> None:
    """Ask for a chunk as a reader would: by a sentence of it, by its vector, by its words.

    Raises:
        IndexCorruptError: it is not found.
    """
    (chunk,) = generation.catalogue.chunks([row])
    article = generation.catalogue.article(chunk.article_id)
    if article is None:
        raise _refused(f"{generation.folder}: the article of chunk {row} is missing")
    generation.catalogue.holdings.of_article(article.id)
    text = article.text[chunk.start : chunk.end]
    sentences = [text[start:end] for start, end in find_content_sentences(text)]
    asked = embedder.embed_queries([simplify(sentences[0] if sentences else text)])[0]
    own = generation.vectors.vectors([row])[0]
    terms = generation.lexicon.extract_terms(indexed_text(chunk.header, text))
    in_article = int(generation.article_rows[row])
    checks = {
        "a question finds no passage": len(generation.vectors.search(asked, 1)) == 1,
        "a question has no cosine with it": bool(np.isfinite(generation.vectors.scores(asked, [row])).all()),
        "its own vector does not find it": _is_found(generation, own, row),
        "its words do not find it": not terms or bool(generation.lexical.scores(terms)[row] > 0),
        "its words do not find its article": not terms or bool(generation.articles.scores(terms)[in_article] > 0),
        "its sentences have not a vector each": generation.sentences.of(row).shape
        == (len(sentences), embedder.spec.dim),
        "its article is not in the list": generation.listing.ids_of_rows[in_article] == article.id,
        "its vector cannot be centred": bool(np.isfinite(generation.centering.centre_chunks(own[None])).all()),
    }
    if failed := [name for name, holds in checks.items() if not holds]:
        raise _refused(f"{generation.folder}: chunk {row} of {article.source} does not answer: {', '.join(failed)}")


def _is_found(generation: Generation, own: Float32, row: int) -> bool:
    best = generation.vectors.search(own, 1)
    scores = generation.vectors.scores(own, [row, *best.tolist()])
    return bool(len(best) and np.isfinite(scores).all() and scores[1] >= scores[0] - _NEAR)


def _refused(why: str) -> IndexCorruptError:
    return IndexCorruptError(
        f"the new generation is not what was meant, and is not published ({why}); what was served before is served on. "
        f"The disk may be full or failing: make room, look after it, and index again"
    )
