"""Rows written by reading, and questions of public sets → what the reader is trained on: pairs of question or statement and passage.

Every passage is cut as an archive cuts it (whole sentences, about CHUNK_CHARACTERS), some with their date in front, some as broken as
web pages are. Passages that do not answer: another one of the same article, the same one without its evidence, the best that
this project's own retriever finds for the question elsewhere, the one that a near miss was written for, and the right one when the
question is changed to another year. Statements that are not borne out: those written so, and true ones changed by
rule (corruption.py), each with the true one beside it.
"""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corruption import corrupt

from index.language.normalise import normalise
from index.language.sentences import split_sentences
from rag.records import Query
from rag.retrieval.retriever import Retriever

CHUNK_CHARACTERS = 270
LONGEST_PASSAGE = 480
LONGEST_EVIDENCE = 400
RETRIEVED = 8
"""Passages of a question among which its retrieved near misses are."""
FURNITURE = ("首页 > 新闻 > 正文\n", "字号：大 中 小 分享到：\n", "责任编辑：\n", "来源：综合 阅读：1234\n", "", "")
_YEAR = re.compile(r"(20\d\d)年|第([一二三四五六])(?=[届次批期轮])|(\d{1,2})月")
_DANGLING = re.compile(r"[\s“”]*(?:他|她|它|其|这|那|该|此|原标题|来源|记者)")
Row = dict[str, Any]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """One pair.

    Args:
        task: "answers" (query is a question) or "bears_out" (a statement).
        label: whether the passage does.
        answer: (start, end) of the answer in the passage, in characters; None where there is none.
        source: what it was made from, for figures by kind.
        article: id of the article that the split goes by.
    """

    task: str
    query: str
    passage: str
    label: bool
    answer: Span | None
    source: str
    article: str


class ExampleMaker:
    """Makes examples; what is left to chance is drawn from one seed.

    Args:
        articles: id → {"text", "date"}.
        seed: of all draws.
    """

    def __init__(self, articles: dict[str, Row], seed: int) -> None:
        self._articles = articles
        self._rng = random.Random(seed)

    def from_row(self, row: Row) -> Iterator[Example]:
        """Yield the examples of one written row; none where its evidence is not in its article or too long."""
        text = self._articles[row["article"]]["text"]
        if row["t"] == "n":
            yield from self._near_miss(row, text)
            return
        place = _place(text, row["evidence"])
        if place is None or place[1] - place[0] > LONGEST_EVIDENCE:
            return
        if row["t"] in ("q", "e", "y"):
            yield from self._question(row, text, place)
        else:
            yield from self._statement(row, text, place)

    def from_question(self, line: Row, documents: dict[str, Row]) -> Iterator[Example]:
        """Yield the example of a question of a public set whose answer stands in its document."""
        answers = line.get("answers_zh") or line["answers"]
        document = documents[line["gold_docs"][0]]
        found = [
            (len(_grams(line["question"]) & _grams(chunk)), start, chunk.find(answer), answer)
            for start, end in cut(document["text"])
            for answer in answers
            if answer in (chunk := document["text"][start:end])
        ]
        if found:
            _shared, start, at, answer = max(found)
            end = next(last for first, last in cut(document["text"]) if first == start)
            passage = document["text"][start:end]
            yield self._make("answers", line["question"], passage, True, (at, at + len(answer)), "set", document)

    def retrieved(self, question: str, gold: str, answers: Sequence[str], retriever: Retriever) -> Iterator[Example]:
        """Yield at most two of the best passages of other documents that do not have the answer."""
        found = retriever.retrieve(Query(question, top_k=RETRIEVED))
        taken = 0
        for passage in found.passages:
            if passage.doc_id == gold or any(normalise(answer) in normalise(passage.text) for answer in answers):
                continue
            if taken < 2 and self._rng.random() < (1 / 3 if passage.rank <= 3 else 1 / 8):
                taken += 1
                document = {"_id": gold, "date": passage.date, "title": passage.title}
                yield self._make("answers", question, passage.text, False, None, "retrieved", document)

    def corrupted(self, row: Row) -> Iterator[Example]:
        """Yield a true statement once more, and what rules make of it."""
        text = self._articles[row["article"]]["text"]
        place = _place(text, row.get("evidence") or [])
        if row["t"] != "s" or place is None or place[1] - place[0] > LONGEST_EVIDENCE:
            return
        yield from self._corrupt(row["statement"], text, place, row["article"], "rule")

    def corrupted_sentence(self, article: str) -> Iterator[Example]:
        """Yield a sentence of an article as the statement, and what rules make of it."""
        text = self._articles[article]["text"]
        spans = [
            (start, end)
            for start, end in split_sentences(text)
            if 18 <= end - start <= 80 and not _DANGLING.match(text, start)
        ]
        if spans:
            start, end = self._rng.choice(spans)
            yield from self._corrupt(text[start:end].strip(), text, (start, end), article, "sentence")

    def other_time(self, row: Row) -> Iterator[Example]:
        """Yield the question of a row for another year, month or session, which its article does not mention."""
        text = self._articles[row["article"]]["text"]
        match, place = _YEAR.search(row.get("question", "")), _place(text, row.get("evidence") or [])
        if row["t"] != "q" or not match or place is None:
            return
        if match[1]:
            other = f"{int(match[1]) + self._rng.choice((-2, -1, 1, 2))}年"
        elif match[2]:
            other = "第" + self._rng.choice([number for number in "一二三四五六" if number != match[2]])
        else:
            other = f"{(int(match[3]) + self._rng.choice((1, 2, 10, 11)) - 1) % 12 + 1}月"
        if other in text:
            return
        question = row["question"][: match.start()] + other + row["question"][match.end() :]
        start, end = self._around(text, place, wide=True)
        yield self._of_article("answers", question, row["article"], (start, end), False, None, "time")

    def _question(self, row: Row, text: str, place: Span) -> Iterator[Example]:
        article, source = row["article"], row["t"]
        if source == "y":  # what answers yes or no is the whole evidence
            answer = place
        else:
            at = text.find(row["answer"], place[0], place[1])
            at = at if at >= 0 else text.find(row["answer"])
            answer = (at, at + len(row["answer"]))
        whole = min(place[0], answer[0]), max(place[1], answer[1])
        window = self._around(text, whole if whole[1] - whole[0] <= LONGEST_EVIDENCE else answer, wide=True)
        yield self._of_article("answers", row["question"], article, window, True, answer, source)
        if source == "y":
            return
        without = text[: whole[0]] + text[whole[1] :]
        if 60 < len(without) <= LONGEST_PASSAGE * 2 and row["answer"] not in without and self._rng.random() < 0.4:
            yield self._make("answers", row["question"], without, False, None, f"{source}-cut", self._document(article))
        others = [
            (start, end)
            for start, end in cut(text)
            if (end <= whole[0] or start >= whole[1]) and row["answer"] not in text[start:end]
        ]
        if others:
            span = self._rng.choice(others)
            yield self._of_article("answers", row["question"], article, span, False, None, f"{source}-other")

    def _near_miss(self, row: Row, text: str) -> Iterator[Example]:
        asked = _grams(row["question"])
        spans = sorted(cut(text), key=lambda span: -len(asked & _grams(text[span[0] : span[1]])))
        for number, span in enumerate(spans[:2]):
            if number == 0 or self._rng.random() < 0.4:
                yield self._of_article("answers", row["question"], row["article"], span, False, None, "n")

    def _statement(self, row: Row, text: str, place: Span) -> Iterator[Example]:
        is_true = row["t"] in ("s", "es")
        source = row["t"] if is_true else f"{row['t']}-{row['error']}"
        window = self._around(text, place, wide=self._rng.random() < 0.4)
        yield self._of_article("bears_out", row["statement"], row["article"], window, is_true, None, source)
        others = [(start, end) for start, end in cut(text) if end <= place[0] or start >= place[1]]
        if is_true and others and self._rng.random() < 0.35:
            span = self._rng.choice(others)
            yield self._of_article("bears_out", row["statement"], row["article"], span, False, None, f"{source}-other")

    def _corrupt(self, statement: str, text: str, place: Span, article: str, source: str) -> Iterator[Example]:
        false = corrupt(statement, text, self._rng, 2)
        for changed, kind in false[: 1 if self._rng.random() < 0.6 else 2]:
            window = self._around(text, place, wide=self._rng.random() < 0.5)
            yield self._of_article("bears_out", changed, article, window, False, None, f"{source}-{kind}")
        if false:
            window = self._around(text, place, wide=self._rng.random() < 0.5)
            yield self._of_article("bears_out", statement, article, window, True, None, f"{source}-true")

    def _around(self, text: str, place: Span, *, wide: bool) -> Span:
        """The sentences of a place, with one on either side at times; wide: as many as a chunk has, those of its chunk first."""
        if wide:
            for start, end in cut(text):
                if start <= place[0] and place[1] <= end:
                    return start, end
        bounds = split_sentences(text)
        first = max((number for number, (start, _end) in enumerate(bounds) if start <= place[0]), default=0)
        last = min((number for number, (_start, end) in enumerate(bounds) if end >= place[1]), default=len(bounds) - 1)
        steps = len(bounds) if wide else int(self._rng.random() < 0.6)
        for _step in range(steps):
            if wide and bounds[last][1] - bounds[first][0] >= CHUNK_CHARACTERS * 0.9:
                break
            first, last = max(0, first - 1), min(len(bounds) - 1, last + 1)
        start, end = bounds[first][0], bounds[last][1]
        return (start, end) if end - start <= LONGEST_PASSAGE else place

    def _of_article(
        self, task: str, query: str, article: str, window: Span, label: bool, answer: Span | None, source: str
    ) -> Example:
        start, end = window
        inside = (answer[0] - start, answer[1] - start) if answer else None
        passage = self._articles[article]["text"][start:end]
        return self._make(task, query, passage, label, inside, source, self._document(article))

    def _document(self, article: str) -> Row:
        return {"_id": article, **self._articles[article]}

    def _make(
        self, task: str, query: str, passage: str, label: bool, answer: Span | None, source: str, document: Row
    ) -> Example:
        """The example as an archive would show it: with date and title at times, on broken lines at times."""
        if self._rng.random() < 1 / 8:
            passage, answer = self._broken(passage, answer)
        date, title = document.get("date"), document.get("title")
        head = f"{date[:10]} " if date and self._rng.random() < 1 / 2 else ""
        head += f"{title}\n" if title and self._rng.random() < 0.7 else ""
        placed = (answer[0] + len(head), answer[1] + len(head)) if answer else None
        return Example(task, query, head + passage, label, placed, source, document["_id"])

    def _broken(self, passage: str, answer: Span | None) -> tuple[str, Span | None]:
        """A passage on short lines, behind a piece of page furniture."""
        width, head = self._rng.randint(17, 30), self._rng.choice(FURNITURE)
        written, places = list(head), []
        for number, character in enumerate(passage, 1):
            places.append(len(written))
            written.append(character)
            if number % width == 0 and not re.match(r"[0-9A-Za-z.%]", character):
                written.append("\n")
        return "".join(written), (places[answer[0]], places[answer[1] - 1] + 1) if answer else None


def cut(text: str) -> list[Span]:
    """Return (start, end) of even slices of whole sentences, about CHUNK_CHARACTERS long."""
    goal = len(text) / max(1, round(len(text) / CHUNK_CHARACTERS))
    slices: list[Span] = []
    for start, end in split_sentences(text):
        filled = slices and end - slices[-1][0] > goal * 1.15 and slices[-1][1] - slices[-1][0] > goal / 2
        if slices and not filled:
            slices[-1] = slices[-1][0], end
        else:
            slices.append((start, end))
    return [(at, min(at + LONGEST_PASSAGE, end)) for start, end in slices for at in range(start, end, LONGEST_PASSAGE)]


def _place(text: str, evidence: Sequence[str]) -> Span | None:
    starts = [text.find(one) for one in evidence]
    if not starts or min(starts) < 0:
        return None
    return min(starts), max(start + len(one) for start, one in zip(starts, evidence, strict=True))


def _grams(text: str) -> set[str]:
    folded = normalise(text)
    return {folded[place : place + 2] for place in range(len(folded) - 1)}


def read_lines(path: Path) -> list[Row]:
    """Return the objects of a JSON-lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_examples(examples: Iterable[Example], path: Path) -> None:
    """Write one example a line."""
    path.write_text("".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in examples), "utf-8")


def read_examples(path: Path) -> list[Example]:
    """Return what `write_examples` wrote."""
    return [
        Example(**{**line, "answer": tuple(line["answer"]) if line["answer"] else None}) for line in read_lines(path)
    ]
