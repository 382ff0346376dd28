"""txtai's embeddings database (txtai 9.14.0).

Read: the package's Embeddings, scoring and tokenizer classes and its documentation on configuration; its quick start
indexes texts whole.

txtai           Embeddings(hybrid=True): BM25 (k1 1.2, b .75) over words by Unicode's rules (UAX 29, in Chinese single
                characters), its scores divided by a maximum estimated from the average one, half of them added to half
                of the cosine; FAISS, flat up to 5,000 documents, above that inverted lists, a sixteenth of them searched
txtai-bigrams   the same, the scoring's tokenizer being a regular expression for character bigrams
txtai-rrf       txtai-bigrams without the division: then txtai fuses by reciprocal ranks (k = 0)
txtai-dense     Embeddings() without the lexical index, the quick start
txtai-exact     txtai with the flat FAISS index for any number of documents

A term in more than a tenth of the documents only re-orders what rarer terms found, unless there are none of those.
"""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from benchmarks.material import BIGRAMS, RUN_DOCUMENTS
from benchmarks.rank import Built, Material, main
from index.embedding.embedder import E5_PASSAGE, E5_QUERY
from index.records import Float32


def embeddings(material: Material, config: dict[str, Any]) -> Built:
    """An embeddings database over whole documents."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from txtai import Embeddings

    def transform(texts: Sequence[str]) -> Float32:
        # txtai has one hook for both; its "instructions" put the prompts before the texts that tell them apart.
        if texts[0].startswith(E5_QUERY):
            return material.embedder.embed_queries([text.removeprefix(E5_QUERY) for text in texts])
        return material.embedder.embed_passages([text.removeprefix(E5_PASSAGE) for text in texts])

    instructions = {"query": E5_QUERY, "data": E5_PASSAGE}
    database = Embeddings({"method": "external", "transform": transform, "instructions": instructions, **config})
    database.index((text.doc_id, text.text, None) for text in material.texts)

    def search(question: str) -> list[str]:
        return [str(name) for name, _score in database.search(question, RUN_DOCUMENTS)]

    return Built(search, database.count())


def _scoring(**options: Any) -> dict[str, Any]:
    return {"scoring": {"method": "bm25", "terms": True, "tokenizer": {"regexp": BIGRAMS}, **options}}


PIPELINES: dict[str, Callable[[Material], Built]] = {
    "txtai": partial(embeddings, config={"hybrid": True}),
    "txtai-bigrams": partial(embeddings, config=_scoring(normalize=True)),
    "txtai-rrf": partial(embeddings, config=_scoring()),
    "txtai-dense": partial(embeddings, config={}),
    "txtai-exact": partial(embeddings, config={"hybrid": True, "faiss": {"components": "IDMap,Flat"}}),
}

if __name__ == "__main__":
    sys.exit(main(__doc__, PIPELINES))
