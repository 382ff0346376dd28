"""A passage that no search found, for what is made of passages."""

from typing import Any

from rag.records import Passage


def made_passage(text: str, article_id: str = "a", rank: int = 1, **fields: Any) -> Passage:
    """A passage with the whole of a text, undated and unnamed unless `fields` say otherwise."""
    plain: dict[str, Any] = {
        "score": 1.0,
        "cosine": 0.8,
        "bm25": 1.0,
        "chunk_id": f"{article_id}.{rank}",
        "doc_id": article_id,
    }
    plain |= dict.fromkeys(("title", "date", "newspaper", "page", "url"))
    plain |= {"date_precision": "day" if fields.get("date") else None, "source": f"{article_id}.txt"}
    start = fields.get("start", 0)
    plain |= {"start": start, "end": start + len(text)}
    return Passage(rank, article_id=article_id, text=text, **plain | fields)
