"""Stretches of a text that were planted in it for a language model: commands, and what stands in the marks of a conversation.

    text ─┬─ a sentence that commands (prompt_injection) ───────────────────────────────┐
          ├─ role tokens, closing tags, JSON roles, fences: from the mark to its end ───┼─► planted stretches
    fixes ┴─ a sentence whose words hid characters that nobody sees ────────────────────┘

They are no evidence, are quoted to nobody, and do not go into a prompt.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from index.language.deceptive_characters import DECEPTIVE
from index.language.memo import memoise_text
from index.language.sentences import split_sentences
from index.records import Article, Origin
from rag.facts.contacts import find_contacts, has_disguised_link
from rag.facts.prompt_injection import is_prompt_injection

Span = tuple[int, int]
MAX_PAIR_CHARACTERS = 800
"""Characters between a mark that opens and the one that closes it."""
MIN_TOLD_CHARACTERS = 2
"""Letters and figures behind a mark and its role below which what it announces is in the next sentence: <|im_start|>system."""
MIN_HIDDEN = 2
"""Places in the words of a sentence where unseen characters stood, from which on somebody hid it from readers or from filters."""
MAX_HIDDEN_SHARE = 0.5
"""Share of an article's sentences above which its page was made so, as pages are that guard against copying."""
KEPT_ARTICLES = 512
"""Articles that hid something and whose planted stretches are kept."""
_HIDING = DECEPTIVE - {"look_alike"}
_ROLE = r"(?:system|user|assistant|human|developer|tool|model|function|ipython)"
_PART = r"(?:passages?|context|documents?|article|source|system|user|assistant|instructions?|prompt|question|query|answer|input|output|data|tool_?calls?|tools?|think(?:ing)?|report|报道(?:片段)?|片段|资料|材料|问题|指令|系统|用户|助手|上下文)"
_MARK = re.compile(
    r"(?P<pipe><[|｜][^<>\n]{1,40}[|｜]>)"
    r"|(?P<square>\[\s?/?(?:inst|system_prompt|available_tools|tool_calls|tool_results)\s?\])"
    r"|(?P<angle><</?sys>>|</?s>|<(?:start|end)_of_turn>|<(?:bos|eos|unk|pad)>)"
    rf"|(?P<tag></?{_PART}(?:[-_ ][^<>\n]{{0,60}})?/?>)"
    r"|(?P<heading>\#{2,6} ?(?:system|user|assistant|human|instructions?|response|input|系统|指令|用户|助手)\b ?[:：]?)"
    rf"|(?P<json>[\"'“]?role[\"'”]?\s{{0,3}}[:：]\s{{0,3}}[\"'“]?{_ROLE}[\"'”]?)"
    rf"|(?P<label>(?:(?<=[\n>。！？!?.}}\]])|^)[ \t]{{0,8}}(?:{_ROLE}|系统(?:消息|提示|指令)?|助手)[ \t]?[:：])"
    r"|(?P<fence>```|~~~~?)"
    r"|(?P<number>\[/\d{1,2}\])",
    re.IGNORECASE,
)
_LONE_ROLE = re.compile(rf"[\s#:：-]{{0,8}}{_ROLE}\b[\s#:：-]{{0,8}}", re.IGNORECASE)
_CLOSING_WORD = re.compile(r"end|eot|eos|</s", re.IGNORECASE)
_TOLD = re.compile(r"[^\W_]")


def find_planted(text: str) -> tuple[Span, ...]:
    """Return the planted stretches of a text, in order, none over another; by its words alone."""
    return _found(text)


def planted_in(article: Article) -> tuple[Span, ...]:
    """Return the planted stretches of an article's text; also those that hid characters when it was read."""
    hidden = tuple(fix.start for fix in article.fixes if fix.kind in _HIDING)
    return _found_in(article.text, article.origin, hidden) if hidden else _found(article.text)


def blanked(text: str, planted: Sequence[Span]) -> str:
    """Return the text with stretches of it blanked, so that places stay."""
    pieces: list[str] = []
    done = 0
    for start, end in planted:
        pieces += (text[done:start], " " * (end - start))
        done = end
    return "".join((*pieces, text[done:]))


def without_planted(text: str, planted: Sequence[Span]) -> str:
    """Return the text without stretches of it, and without any mark of a conversation that is left."""
    pieces: list[str] = []
    done = 0
    for start, end in planted:
        pieces.append(text[done:start])
        done = end
    return _MARK.sub("", "".join((*pieces, text[done:])))


def plain_title(title: str | None) -> str | None:
    """Return a title without what was planted in it and without addresses; None where nothing is left of it."""
    if title is None:
        return None
    led = [(contact.start, contact.end) for contact in find_contacts(title)]
    planted = _merged([*find_planted(title), *led])
    left = without_planted(title, planted) if planted else title
    return left if _TOLD.search(left) else None


def is_planted(planted: Sequence[Span], start: int, end: int) -> bool:
    """Whether some of text[start:end] is planted."""
    return any(first < end and start < last for first, last in planted)


def within(planted: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return what of them lies in text[start:end], counted from its start."""
    cut = ((max(first, start) - start, min(last, end) - start) for first, last in planted)
    return tuple((first, last) for first, last in cut if first < last)


@memoise_text
def _found(text: str) -> tuple[Span, ...]:
    sentences = split_sentences(text)
    said = ((span, text[slice(*span)]) for span in sentences)
    spans = [span for span, sentence in said if is_prompt_injection(sentence) or has_disguised_link(sentence)]
    spans += _marked(text, sentences)
    return _merged(spans)


@lru_cache(KEPT_ARTICLES)
def _found_in(text: str, origins: tuple[Origin, ...], hidden: tuple[int, ...]) -> tuple[Span, ...]:
    return _merged([*_found(text), *_hiding(text, origins, hidden)])


def _marked(text: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """Stretches in the marks of a conversation: up to the mark that closes them, else to the end of what they announce."""
    marks = list(_MARK.finditer(text))
    is_closing = [not _opens(mark[0], at_end=True) for mark in marks]
    number = 0
    while number < len(marks):
        mark = marks[number]
        if mark.lastgroup == "number":
            opening = text.rfind(mark[0].replace("/", ""), max(0, mark.start() - MAX_PAIR_CHARACTERS), mark.start())
            yield (opening if opening >= 0 else mark.start()), mark.end()
            number += 1
            continue
        last = number
        for other in range(number + 1, len(marks) if _opens(mark[0]) else 0):
            if marks[other].start() - mark.end() > MAX_PAIR_CHARACTERS:
                break
            if is_closing[other] and marks[other].lastgroup == mark.lastgroup:
                last = other
                break
        while last > number and mark.lastgroup == "pipe" and _goes_on(marks, last):
            last += 1  # <|start_header_id|>system<|end_header_id|> … <|eot_id|>
        if last > number:
            yield mark.start(), marks[last].end()
        else:
            yield mark.start(), _end_of_announced(text, mark.end(), sentences)
        number = last + 1


def _goes_on(marks: Sequence[re.Match[str]], last: int) -> bool:
    """Whether what follows a mark that closes something is closed by the next one, which opens nothing."""
    if last + 1 == len(marks) or marks[last + 1].lastgroup != marks[last].lastgroup:
        return False
    behind = marks[last + 1]
    return not _opens(behind[0]) and behind.start() - marks[last].end() <= MAX_PAIR_CHARACTERS


def _opens(mark: str, *, at_end: bool = False) -> bool:
    """Whether a mark opens a stretch; a fence opens one where it does not end one."""
    if mark[0] in "`~":
        return not at_end
    return "/" not in mark and not _CLOSING_WORD.search(mark)


def _end_of_announced(text: str, place: int, sentences: Sequence[Span]) -> int:
    """Where what a mark announces ends: with its sentence, or the next one where that has next to nothing."""
    if role := _LONE_ROLE.match(text, place):
        place = role.end()
    number = max(0, bisect_right(sentences, (place, len(text) + 1)) - 1)
    end = place
    while number < len(sentences):
        end = max(end, sentences[number][1])
        if len(list(islice(_TOLD.finditer(text, place, end), MIN_TOLD_CHARACTERS))) == MIN_TOLD_CHARACTERS:
            break
        number += 1
    return end


def _hiding(text: str, origins: Sequence[Origin], hidden: Sequence[int]) -> Iterator[Span]:
    """Sentences in whose words characters stood that nobody sees, unless most of the article's have."""
    sentences = split_sentences(text)
    starts = [origin.source_start for origin in origins]
    if starts != sorted(starts):
        return  # its parts stand in another order on the page, or on several
    counts: Counter[int] = Counter()
    for place in hidden:
        number = bisect_right(starts, place) - 1
        if number < 0:
            continue
        origin = origins[number]
        at = origin.start + min(place - origin.source_start, origin.end - origin.start)
        if 0 < at < len(text) and _TOLD.match(text[at - 1]) and _TOLD.match(text[at]):
            counts[bisect_right(sentences, (at, len(text) + 1)) - 1] += 1
    found = [number for number, count in counts.items() if count >= MIN_HIDDEN]
    if len(found) <= MAX_HIDDEN_SHARE * len(sentences):
        yield from (sentences[number] for number in found)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)
