"""Values → text for a person, or JSON for a program."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from index.records import Article, Fix
from index.store.catalogue import article_values
from rag.records import Answer, Citation, Passage

_QUOTED_CHARACTERS = 120
_EXAMPLES = 3
_EXAMPLE_CHARACTERS = 24


def to_json(value: object) -> str:
    """One line of JSON, Chinese characters as they are."""
    return msgspec.json.encode(value).decode()


def article_json(article: Article) -> str:
    """An article as the contract's Article."""
    values = article_values(article)
    del values["beside"]  # kicker, deck and captions say it
    date = article.date
    values |= {"date": date.value if date else None, "date_precision": date.precision if date else None}
    return to_json(values)


def show_answer(answer: Answer) -> str:
    """The question, the answer or refusal, its sources, and what was checked of it."""
    lines = [f"问 {answer.question}", "答 " + "\n".join(_answer_lines(answer))]
    if answer.status == "related" and answer.refusal:
        lines.append("   相关报道（不一定回答所问）：")
        lines += [f"   · {_source(citation)}\n{_quote(citation)}" for citation in answer.refusal.nearest]
    elif answer.refusal:
        lines.append(f"   （未作答：{answer.refusal.reason}）")
        nearest = [f"   · {_source(citation)}" for citation in answer.refusal.nearest]
        lines += ["   最接近的报道：", *nearest] if nearest else []
    lines += [f"   [{citation.n}] {_source(citation)}\n{_quote(citation)}" for citation in answer.citations]
    lines += [f"   核对：{check}" for check in _checks(answer)]
    lines += [f"   ▸ {choice}" for choice in answer.choices]
    if (reason := answer.generator.fallback_reason) not in {None, "no_llm"}:
        is_broken_off = answer.generator.kind == "llm"
        outcome = "" if answer.refusal else "；回答可能不完整" if is_broken_off else "；以上摘自原文"
        lines.append(f"   （{'大模型中断' if is_broken_off else '未用大模型的答复'}：{reason}{outcome}）")
    return _printable("\n".join(lines))


def _answer_lines(answer: Answer) -> Iterator[str]:
    """The answer's lines, each with the calculations of its statements under it."""
    start = 0
    for line in answer.answer.split("\n"):
        yield line
        end = start + len(line)
        for statement in answer.statements:
            if statement.computed and start < statement.end <= end:
                terms = "".join(f"[{term}]" for term in statement.computed.terms)
                yield f"   计算：{statement.computed.expression} {terms}"
        start = end + 1


def _is_as_printed(answer: Answer) -> bool:
    """Whether each numbered sentence has the words of its quotes, or they have its."""
    quotes = {citation.n: _bare(citation.quote) for citation in answer.citations}
    return all(
        not statement.computed and all(said in quotes[n] or quotes[n] in said for n in statement.citations)
        for statement in answer.statements
        if (said := _bare(re.sub(r"\[\d+\]", "", statement.text)))
    )


def _bare(text: str) -> str:
    """A text's letters and digits."""
    return "".join(filter(str.isalnum, text))


def _checks(answer: Answer) -> Iterator[str]:
    """What code checked, a thing a line, in words that promise no more; rag/widget/src/words says the same on the page."""
    doubted = sum(statement.support == "unsupported" for statement in answer.statements)
    if answer.citations and not answer.refusal:
        yield "引文与原文逐字一致"
        if answer.status == "fixed":
            return  # its numbered lines name reports, and say nothing that they would have to bear out
        if answer.generator.kind == "extractive":
            yield "带编号的各句摘自报道原文" if _is_as_printed(answer) else "带编号的各句据报道整理"
        else:
            yield f"{doubted}句未得到引文支持" if doubted else "带编号的各句均有引文支持（程序核对）"
    if answer.struck:
        yield f"大模型写的{len(answer.struck)}句话未得到引文支持，已略去"


def show_passages(passages: Sequence[Passage]) -> str:
    """Passages with their scores."""
    return _printable(
        "\n".join(
            f"{passage.rank:2}. {passage.score:6.2f}  cosine {passage.cosine:.3f}  bm25 {passage.bm25:6.1f}  "
            f"{passage.title or '(no title)'} · {passage.date or 'undated'} · {passage.source}\n"
            f"    {_one_line(passage.text)[:_QUOTED_CHARACTERS]}"
            for passage in passages
        )
    )


def show_article(article: Article, *, explain: bool = False) -> str:
    """An article's head and the beginning of its text; a doubtful one is marked, and with `explain` every one says why.

    Args:
        explain: add what was decided and changed, line by line.
    """
    mark, doubt = ("?", f"（存疑，把握{article.confidence:.0%}）") if is_doubtful(article) else ("■", "")
    lines = [f"{mark} {_one_line(article.title or '(no title)')}{doubt}"]
    lines += [
        f"  {name}：{_one_line(text)}" for name, text in (("引题", article.kicker), ("副题", article.deck)) if text
    ]
    facts = [article.source, article.date.value if article.date else None, *article.byline]
    facts += [f"上接{article.continued_from}" if article.continued_from else None]
    facts += [f"下转{article.continued_to}" if article.continued_to else None]
    facts += [f"{len(article.text)} characters, {len(article.fixes)} fixes"]
    lines += [f"  {_one_line(' · '.join(fact for fact in facts if fact))}"]
    shown = _one_line(article.text)
    lines += [f"  {shown[:_QUOTED_CHARACTERS]}{'…' if len(shown) > _QUOTED_CHARACTERS else ''}"]
    return _printable("\n".join((*lines, *(_explained(article) if explain else ()))))


def is_doubtful(article: Article) -> bool:
    """Whether the segmenter is not sure enough of an article."""
    from index.segment import DOUBTFUL

    return article.confidence < DOUBTFUL


def _explained(article: Article) -> Iterator[str]:
    """Why an article looks as it does, a reason a line."""
    yield f"    confidence: {article.confidence:.2f}"
    if article.date:
        yield f"    date {article.date.value}: {_one_line(article.date_evidence or 'as the file states it')}"
    yield from (f"    decision: {_one_line(decision)}" for decision in article.decisions)
    kinds: dict[str, list[Fix]] = defaultdict(list)
    for fix in article.fixes:
        kinds[fix.kind].append(fix)
    for kind, fixes in sorted(kinds.items()):
        examples = dict.fromkeys(f"{_quoted(fix.before)} → {_quoted(fix.after)}" for fix in fixes)
        yield f"    fixes: {kind} × {len(fixes)}: {', '.join(list(examples)[:_EXAMPLES])}"
    yield from (f"    noise: {_one_line(noise)}" for noise in article.noise)


def _quoted(text: str) -> str:
    """A short quote of what was changed, its line breaks visible."""
    cut = text if len(text) <= _EXAMPLE_CHARACTERS else f"{text[:_EXAMPLE_CHARACTERS]}…"
    return f"“{cut.replace(chr(10), '⏎')}”"


def _source(citation: Citation) -> str:
    parts = [citation.title or "（无标题）", citation.date, citation.source]
    return " · ".join(part for part in parts if part)


def _quote(citation: Citation) -> str:
    return f"       “{_one_line(citation.quote)}”"


def _printable(text: str) -> str:
    """The text without control characters: a question or a page may hold some that command a terminal."""
    return "".join(
        character
        if character == "\n" or character.isprintable()
        else " "
        if unicodedata.category(character) == "Zs"
        else ""
        for character in text
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
