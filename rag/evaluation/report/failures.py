"""One question of a report, to be read through: what was asked and expected, what came, and why that is wrong."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from rag.evaluation.answers import Asked
from rag.evaluation.questions import Question
from rag.evaluation.report.html import add
from rag.evaluation.retrieval import Found
from rag.records import Passage

_SNIPPET = 220


def retrieval_card(found: Found, openings: Mapping[str, str]) -> Element:
    """Return the card of a question whose gold document is not the first.

    Args:
        openings: gold document → how it begins.
    """
    question = found.question
    where = f"gold at rank {found.rank}" if found.rank else f"gold not among the {len(found.doc_ids)} documents found"
    card = _card(question, where)
    add(card, "h4", "Gold")
    gold = add(card, "ul")
    for name in question.gold_docs:
        item = add(gold, "li")
        add(item, "strong", name)
        add(item, "span", f" {openings.get(name, '')}", class_="soft")
    if question.answers:
        add(card, "p", f"Answer: {' | '.join(question.answers)}")
    add(card, "h4", "Came first")
    first = add(card, "ol")
    for passage in found.passages:
        _passage(first, passage, question.gold_docs)
    return card


def answer_card(asked: Asked) -> Element:
    """Return the card of a reply with which something is wrong."""
    question, reply = asked.question, asked.reply
    card = _card(question, f"{reply.status} · {reply.generator} · {reply.latency_ms:.0f} ms")
    add(card, "h4", "Why wrong")
    why = add(card, "ul", class_="bad")
    for reason in asked.why:
        add(why, "li", reason)
    add(card, "h4", "Answer")
    add(card, "p", reply.answer or "(none)", class_="answer")
    if reply.problem:
        add(card, "p", reply.problem, class_="soft")
    add(card, "h4", "Expected")
    for line in expected(question):
        add(card, "p", line)
    if reply.citations:
        add(card, "h4", "Quotes")
    for cited in reply.citations:
        add(card, "blockquote", cited.quote)
        facts = [cited.source, cited.title, cited.date, None if cited.in_article else "NOT in the article"]
        facts.append({True: "as printed", False: "NOT as printed", None: "file not looked at"}[cited.in_file])
        add(card, "p", " · ".join(fact for fact in facts if fact), class_="soft")
    return card


def expected(question: Question) -> list[str]:
    """Return in words what a right reply to the question says or does."""
    lines = [] if question.answerable else ["a refusal: the archive does not answer this"]
    if question.expects_refusal is not None:
        lines.append("a refusal" if question.expects_refusal else "an answer")
    facts = question.must_include or question.must_include_any
    named: Sequence[tuple[str, Sequence[str]]] = (
        ("worded like" if facts else "says one of", question.answers),
        ("says all of", question.must_include),
        *(("says one of", group) for group in question.must_include_any),
        ("says none of", question.must_not_include),
        ("or corrects", question.correction_any),
    )
    lines += [f"{name}: {' | '.join(words)}" for name, words in named if words]
    if question.reference and question.reference not in question.answers:
        lines.append(f"reference: {question.reference}")
    lines += [f"evidence: {forms[0].quote}" for forms in question.evidence]
    return lines


def _card(question: Question, outcome: str) -> Element:
    card = Element("article", {"lang": "en" if question.lang == "en" else "zh-CN"})
    for message in question.history:
        add(card, "p", f"{'问' if message.role == 'user' else '答'} {message.content}", class_="soft")
    add(card, "h3", question.text)
    facts = [question.id, question.type, question.lang, None if question.group == question.id else question.group]
    add(card, "p", " · ".join([*(fact for fact in facts if fact), outcome]), class_="soft", lang="en")
    return card


def _passage(parent: Element, passage: Passage, gold: Sequence[str]) -> None:
    item = add(parent, "li")
    name = passage.doc_id + (" (gold)" if passage.doc_id in gold else "")
    add(item, "strong", " · ".join(part for part in (name, passage.title, passage.date) if part))
    snippet = " ".join(passage.text.split())
    add(item, "div", snippet[:_SNIPPET] + ("…" if len(snippet) > _SNIPPET else ""))
    scores = f"score {passage.score:.2f}, cosine {passage.cosine:.3f}, BM25 {passage.bm25:.1f}"
    add(item, "div", scores, class_="soft", lang="en")
