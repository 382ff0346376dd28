"""Values → text for a person, or JSON for a program."""

from collections.abc import Sequence

import msgspec

from index.records import Article
from rag.records import Answer, Citation, Passage

_QUOTED_CHARACTERS = 120


def to_json(value: object) -> str:
    """One line of JSON, Chinese characters as they are."""
    return msgspec.json.encode(value).decode()


def article_json(article: Article) -> str:
    """An article as the contract's Article."""
    values = msgspec.to_builtins(article)
    date = article.date
    values |= {"date": date.value if date else None, "date_precision": date.precision if date else None}
    return to_json(values)


def show_answer(answer: Answer) -> str:
    """The question, the answer or refusal, and its sources."""
    lines = [f"问 {answer.question}", f"答 {answer.answer}"]
    if answer.refusal:
        lines.append(f"   （未作答：{answer.refusal.reason}）")
        nearest = [f"   · {_source(citation)}" for citation in answer.refusal.nearest]
        lines += ["   最接近的报道：", *nearest] if nearest else []
    lines += [
        f"   [{citation.n}] {_source(citation)}\n       “{_one_line(citation.quote)}”" for citation in answer.citations
    ]
    if answer.generator.fallback_reason not in {None, "no_llm"}:
        lines.append(f"   （大模型不可用：{answer.generator.fallback_reason}；以上摘自原文）")
    return _printable("\n".join(lines))


def show_passages(passages: Sequence[Passage]) -> str:
    """Passages with their scores."""
    return "\n".join(
        f"{passage.rank:2}. {passage.score:6.2f}  cosine {passage.cosine:.3f}  bm25 {passage.bm25:6.1f}  "
        f"{passage.title or '(no title)'} · {passage.date or 'undated'} · {passage.source}\n"
        f"    {_one_line(passage.text)[:_QUOTED_CHARACTERS]}"
        for passage in passages
    )


def show_article(article: Article) -> str:
    """An article's head and the beginning of its text."""
    facts = [article.source, article.date.value if article.date else None, *article.byline]
    facts += [f"上接{article.continued_from}" if article.continued_from else None]
    return (
        f"■ {article.title or '(no title)'}\n  {' · '.join(fact for fact in facts if fact)} · "
        f"{len(article.text)} characters, {len(article.fixes)} fixes\n"
        f"  {_one_line(article.text)[:_QUOTED_CHARACTERS]}…"
    )


def _source(citation: Citation) -> str:
    parts = [citation.title or "（无标题）", citation.date, citation.source]
    return " · ".join(part for part in parts if part)


def _printable(text: str) -> str:
    """The text without control characters: a question or a page may hold some that command a terminal."""
    return "".join(character for character in text if character == "\n" or character.isprintable())


def _one_line(text: str) -> str:
    return " ".join(text.split())
