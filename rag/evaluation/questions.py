"""Question files → Questions: JSON lines or a JSON array, our names or those of RAGAS, .gz or not."""

import gzip
import itertools
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from index.read.stated_dates import parse_date
from index.records import PartialDate
from rag.errors import EvaluationError, EvaluationNotFoundError
from rag.question.language import detect_language
from rag.records import Message

_RAGAS = {"user_input": "question", "reference": "answers", "reference_context_ids": "gold_docs"}
"""RAGAS' names (SingleTurnSample, EvaluationDataset.to_jsonl) → ours, taken where ours are not there."""
_ROLES: Mapping[object, Literal["user", "assistant"]] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One wording of a piece of evidence: a quote, and the files or documents that it may come from; none: any."""

    quote: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is known of its answer.

    Args:
        text: the last turn of a conversation, where there is one.
        history: the turns before it.
        answers: alternatives, each right by itself.
        gold_docs: ids of documents, each of which answers the question by itself.
        group: questions of the same group are about the same text.
        must_include, must_include_any, must_not_include: strings of a right answer: all, one of each, none.
        correction_any: an answer that says one of these corrects the false premise of an unanswerable question.
        evidence: what should be cited, each in one or several wordings.
        is_adversarial: only what must not be said, and `expects_refusal`, are looked at.
        is_open: nobody knows what would be right, so that only the quotes are looked at: `answerable` is null.
        first, last: the date filter to ask with.
    """

    id: str
    text: str
    group: str
    lang: str
    type: str | None = None
    history: tuple[Message, ...] = ()
    answers: tuple[str, ...] = ()
    gold_docs: tuple[str, ...] = ()
    reference: str | None = None
    answerable: bool = True
    must_include: tuple[str, ...] = ()
    must_include_any: tuple[tuple[str, ...], ...] = ()
    must_not_include: tuple[str, ...] = ()
    correction_any: tuple[str, ...] = ()
    evidence: tuple[tuple[Form, ...], ...] = ()
    is_adversarial: bool = False
    expects_refusal: bool | None = None
    is_open: bool = False
    first: PartialDate | None = None
    last: PartialDate | None = None


def read_questions(path: Path, limit: int | None = None) -> list[Question]:
    """Return the questions of a file, the first `limit` of them.

    A question without an id is named by its place, "#7": RAGAS' exports have none.

    Raises:
        EvaluationNotFoundError: no such file.
        EvaluationError: broken JSON, a field of another form than expected, an id twice, no question at all.
    """
    questions: list[Question] = []
    places: dict[str, str] = {}
    for number, (place, values) in enumerate(itertools.islice(read_objects(path), limit), 1):
        question = _Fields(values, place).question(f"#{number}")
        if question.id in places:
            raise EvaluationError(
                f'{place}: question id "{question.id}" was used at {places[question.id]}: give each question its own'
            )
        places[question.id] = place
        questions.append(question)
    if not questions:
        raise EvaluationError(f'{path}: no question in it: write one {{"_id", "question", "answers"}} a line')
    return questions


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("file:line", object) of JSON lines, or ("file, item n", object) of a file that is one JSON array.

    Raises:
        EvaluationNotFoundError, EvaluationError: see `read_questions`.
    """
    data = read_bytes(path).removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"[":
        for number, item in enumerate(_decode(data, f"{path}", "mend the array, or write one object a line"), 1):
            yield f"{path}, item {number}", _object(item, f"{path}, item {number}")
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            place = f"{path}:{number}"
            yield place, _object(_decode(line, place, "write one whole object on one line"), place)


def read_bytes(path: Path) -> bytes:
    """Return a file's content, unzipped where its name ends in .gz.

    Raises:
        EvaluationNotFoundError, EvaluationError: it is not there, or cannot be read.
    """
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except FileNotFoundError as error:
        raise EvaluationNotFoundError(f"{path}: no such file; check the spelling") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise EvaluationError(f"{path}: damaged gzip data ({error}): pack it again") from error
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror or error}; check the path") from error


def _decode(data: bytes, place: str, remedy: str) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise EvaluationError(f"{place}: not JSON in UTF-8 ({error}): {remedy}") from error


def _object(item: object, place: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise EvaluationError(f'{place}: not an object: write {{"_id", "question", "answers"}}')
    return item


class _Fields:
    """The fields of one question, checked as they are taken."""

    def __init__(self, values: Mapping[str, Any], place: str) -> None:
        kept = {name: value for name, value in values.items() if value is not None}
        self._values = {ours: kept[theirs] for theirs, ours in _RAGAS.items() if theirs in kept} | kept
        self._is_open = "answerable" in values and values["answerable"] is None
        self._place = place

    def question(self, name: str) -> Question:
        text, history = self._asked()
        identity = self._word("_id") or self._word("id") or name
        gold = self._words("gold_docs")
        reference = self._values.get("reference")
        return Question(
            id=identity,
            text=text,
            group=self._word("group") or identity,
            lang=self._word("lang") or detect_language(text),
            type=self._word("type") or self._word("category"),
            history=history,
            answers=self._words("answers"),
            gold_docs=gold,
            reference=reference if isinstance(reference, str) else None,
            answerable=self._flag("answerable") is not False,
            must_include=self._words("must_include"),
            must_include_any=self._groups("must_include_any"),
            must_not_include=self._words("must_not_include"),
            correction_any=self._words("correction_any"),
            evidence=self._evidence(gold),
            is_adversarial="expect" in self._values,
            expects_refusal=self._flag("expect_refusal"),
            is_open=self._is_open,
            first=self._date("from"),
            last=self._date("to"),
        )

    def _asked(self) -> tuple[str, tuple[Message, ...]]:
        """The question and the turns before it; `turns`, or RAGAS' list of messages, end with the question."""
        turns = self._values.get("turns")
        asked = self._values.get("question")
        if turns is None and isinstance(asked, list):
            turns = asked
        if turns is not None:
            messages = [self._turn(turn) for turn in turns] if isinstance(turns, list) else []
            if not messages or messages[-1].role != "user":
                raise self._wrong("turns", 'a list of {"role", "content"} whose last one is the user\'s')
            return messages[-1].content, tuple(messages[:-1])
        # To ask nothing at all is one of the tricks that an adversarial file plays.
        if not isinstance(asked, str) or not (asked.strip() or "expect" in self._values):
            raise self._wrong("question", "a text that is not empty")
        return asked, ()

    def _turn(self, turn: object) -> Message:
        if isinstance(turn, dict) and isinstance(turn.get("content"), str):
            role = _ROLES.get(turn.get("role", turn.get("type")))
            if role and turn["content"].strip():
                return Message(role, turn["content"])
        raise self._wrong("turns", 'a list of {"role": "user" or "assistant", "content": text}')

    def _evidence(self, gold: tuple[str, ...]) -> tuple[tuple[Form, ...], ...]:
        """A text, whose source are the gold documents; or {"file", "quote", "alts"}; or RAGAS' reference_contexts."""
        given = self._values.get("evidence", self._values.get("reference_contexts", []))
        if isinstance(given, str | dict):
            given = [given]
        if not isinstance(given, list):
            raise self._wrong("evidence", 'a text or a list of {"file", "quote", "alts"}')
        return tuple(self._forms(item, gold) for item in given)

    def _forms(self, item: object, gold: tuple[str, ...]) -> tuple[Form, ...]:
        if isinstance(item, str) and item.strip():
            return (Form(item, gold),)
        if isinstance(item, dict) and isinstance(item.get("quote"), str) and item["quote"].strip():
            file, others = item.get("file"), item.get("alts") or []
            if (file is None or isinstance(file, str)) and isinstance(others, list):
                form = Form(item["quote"], (file,) if file else gold)
                return (form, *(each for other in others for each in self._forms(other, gold)))
        raise self._wrong("evidence", 'texts, or {"file", "quote", "alts"} with a quote that is not empty')

    def _groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        given = self._values.get(name, [])
        if not isinstance(given, list) or any(not isinstance(group, str | list) for group in given):
            raise self._wrong(name, "a list of lists of texts")
        return tuple(self._checked(group if isinstance(group, list) else [group], name) for group in given)

    def _words(self, name: str) -> tuple[str, ...]:
        given = self._values.get(name, [])
        return self._checked(given if isinstance(given, list) else [given], name)

    def _checked(self, given: list[Any], name: str) -> tuple[str, ...]:
        words = [_word(each) for each in given]
        if any(word is None for word in words):
            raise self._wrong(name, "texts or numbers, none of them empty")
        return tuple(dict.fromkeys(word for word in words if word is not None))

    def _word(self, name: str) -> str | None:
        given = self._values.get(name)
        word = _word(given)
        if given not in (None, "") and word is None:
            raise self._wrong(name, "a text or a number")
        return word

    def _flag(self, name: str) -> bool | None:
        given = self._values.get(name)
        if given is not None and not isinstance(given, bool):
            raise self._wrong(name, "true or false")
        return given

    def _date(self, name: str) -> PartialDate | None:
        text = self._word(name)
        date = parse_date(text) if text else None
        if text and date is None:
            raise self._wrong(name, "a date: 2023-07-05, 2023-07 or 2023")
        return date

    def _wrong(self, name: str, expected: str) -> EvaluationError:
        return EvaluationError(f'{self._place}: "{name}" must be {expected}')


def _word(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None
