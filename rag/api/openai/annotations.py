"""An Answer → the completion that OpenAI's clients read."""

import re
import time
from collections.abc import Iterator
from urllib.parse import quote

from index.language.token_count import count_tokens
from rag.api.openai.schemas import Annotation, ChatCompletion, Choice, Cites, CompletionUsage, ReplyMessage, UrlCitation
from rag.records import Answer, Citation

_MARKER = re.compile(r"\[(\d+)\]")


def completion_of(answer: Answer, model: str, origin: str, prompt_tokens: int) -> ChatCompletion:
    """Return the Answer as one completion.

    Args:
        model: as the request named it.
        origin: address at which the client reached this service, without a slash at its end.
        prompt_tokens: of the messages, for an answer that no LLM's server has counted.
    """
    message = ReplyMessage(content_of(answer), annotations_of(answer, origin), Cites(answer.citations))
    return ChatCompletion(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        model=model,
        choices=[Choice(message)],
        usage=usage_of(answer, prompt_tokens),
        wenju=answer,
        system_fingerprint=answer.index_generation,
    )


def content_of(answer: Answer) -> str:
    """Return what a client shows that knows text only: the answer, behind it the reports that it announces, and the choices."""
    reports = (
        f"- {' · '.join(filter(None, (near.title, near.date, near.source)))}\n  “{' '.join(near.quote.split())}”"
        for near in (answer.refusal.nearest if answer.status == "related" and answer.refusal else ())
    )
    return "\n".join((answer.answer, *reports, *(f"- {choice}" for choice in answer.choices)))


def annotations_of(answer: Answer, origin: str) -> list[Annotation]:
    """Return one annotation for every marker, in the order of the text.

    Their places are those of the markers in the answer, in code points, end exclusive; JavaScript counts UTF-16 units, which
    differ behind characters outside the basic plane. OpenAI's own reference says neither.
    """
    known = {citation.n: citation for citation in answer.citations}
    return [
        Annotation(
            UrlCitation(start, end, known[number].title or known[number].source, _address(known[number], origin))
        )
        for number, start, end in _markers(answer)
    ]


def usage_of(answer: Answer, prompt_tokens: int) -> CompletionUsage:
    """Return what the LLM's server counted, or else the tokens of the messages and of the answer."""
    if answer.usage is not None:
        return CompletionUsage(
            answer.usage["prompt_tokens"], answer.usage["completion_tokens"], answer.usage["total_tokens"]
        )
    written = count_tokens(content_of(answer))
    return CompletionUsage(prompt_tokens, written, prompt_tokens + written)


def _markers(answer: Answer) -> Iterator[tuple[int, int, int]]:
    """Number and place of each; looked for in statements only, for the service's own words have none."""
    for statement in answer.statements:
        for marker in _MARKER.finditer(answer.answer, statement.start, statement.end):
            if int(marker[1]) in statement.citations:
                yield int(marker[1]), marker.start(), marker.end()


def _address(citation: Citation, origin: str) -> str:
    """The article's own address, or that of the question page, which opens the article there and marks the quote."""
    article = quote(citation.article_id, safe="")
    return citation.url or f"{origin}/#article={article}&start={citation.start}&end={citation.end}"
