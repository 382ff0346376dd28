"""rag.retrieval.foreign: the English chunks of an archive, searched for Chinese questions."""

from collections.abc import Callable

import numpy as np
import pytest
from archive import Lines

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.question.language import detect_language
from rag.reader.readings import PassageReader
from rag.records import Query
from rag.retrieval.foreign import english_rows, tongues_of
from rag.retrieval.retriever import Retriever

CHINESE: Lines = [
    {"_id": "a", "date": "2023-05-01", "title": "盐仓早市", "text": "盐仓早市从6月起提前到五点半开门，由new old两家公司经营。"},
    {"_id": "b", "date": "2023-05-02", "title": "轮渡", "text": "因大风，北港至小屿的轮渡停航三天。"},
]  # fmt: skip


def test_the_english_chunks_are_those_whose_text_is_english(sample: Generation) -> None:
    rows = english_rows(sample)
    chunks = sample.catalogue.chunks(np.arange(sample.lexical.size))
    texts = {chunk.row: sample.catalogue.articles([chunk.article_id])[chunk.article_id].text[chunk.start : chunk.end] for chunk in chunks}  # fmt: skip
    assert len(rows)
    assert rows.tolist() == [row for row, text in sorted(texts.items()) if detect_language(text) == "en"]


def test_an_archive_without_english_articles_has_nothing_to_search(
    make_archive: Callable[[Lines], Generation], embedder: Embedder
) -> None:
    archive = make_archive(CHINESE)
    assert not len(english_rows(archive))
    assert tongues_of(Retriever(archive, embedder)) is None


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("望津大桥有几条车道？", "Wangjin Bridge"),
        ("星澜科技园有多少家企业？", "Xinglan"),
        ("白鹭湿地公园的步道有多少公里？", "Egret Wetland Park"),
        ("热线的英语服务什么时候开通？", "Hotline Adds English"),
    ],
)
def test_only_english_passages_are_found_and_the_right_one_first(
    sample: Generation, embedder: Embedder, reader: PassageReader, question: str, title: str
) -> None:
    tongues = tongues_of(Retriever(sample, embedder, reader))
    assert tongues
    found = tongues.english.retrieve(Query(question), reads=True)
    assert all(detect_language(passage.text) == "en" for passage in found.passages)
    assert title in (found.passages[0].title or "") + found.passages[0].text


def test_the_chinese_chunks_are_searched_apart(sample: Generation, embedder: Embedder) -> None:
    tongues = tongues_of(Retriever(sample, embedder))
    assert tongues
    assert tongues.chinese
    found = tongues.chinese.retrieve(Query("望津大桥有几条车道？"))
    assert found.passages
    assert all(detect_language(passage.text) == "zh" for passage in found.passages)


def test_an_archive_in_english_alone_has_no_chinese_chunks(
    make_archive: Callable[[Lines], Generation], embedder: Embedder
) -> None:
    archive = make_archive([{"_id": "e", "date": "2023-05-01", "title": "Ferry", "text": "The ferry stopped for three days because of the wind."}])  # fmt: skip
    tongues = tongues_of(Retriever(archive, embedder))
    assert tongues
    assert tongues.chinese is None
