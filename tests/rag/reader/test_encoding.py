"""rag.reader.encoding with the bundled tokenizer: places of tokens, pairs that fit."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.embedder import materialise
from index.embedding.token_embeddings import load_token_embeddings
from rag.reader.encoding import BOS, EOS, MAX_QUERY_TOKENS, MAX_TOKENS, make_pair, room_for, tokenize

TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


@pytest.fixture(scope="module")
def tokenizer(cache_dir: Path) -> Any:
    return load_token_embeddings(materialise(cache_dir)).tokenizer


@given(text=TEXTS)
def test_tokens_stand_one_behind_the_other_within_the_text(tokenizer: Any, text: str) -> None:
    tokens = tokenize(tokenizer, text)
    assert len(tokens.ids) == len(tokens.spans)
    assert tokens.ids == tuple(tokenizer.encode(text))
    reached = 0
    for start, end in tokens.spans:
        assert reached <= start <= end <= len(text)
        reached = start


@pytest.mark.parametrize(
    ("text", "token", "printed"),
    [
        ("丰台区２０２３年ＧＤＰ增长5.5%", "GDP", "ＧＤＰ"),
        ("𠮷野家开在云汀🎉广场旁", "广场", "广场"),
        ("Hello  world，你好", "▁world", "world"),
    ],
)
def test_a_tokens_place_is_counted_in_characters_as_printed(
    tokenizer: Any, text: str, token: str, printed: str
) -> None:
    tokens = tokenize(tokenizer, text)
    place = [tokenizer.id_to_piece(number) for number in tokens.ids].index(token)
    start, end = tokens.spans[place]
    assert text[start:end].strip() == printed


@given(query=TEXTS, passage=TEXTS, skipped=st.integers(0, 50))
def test_a_pair_fits_and_says_where_its_passage_stands(tokenizer: Any, query: str, passage: str, skipped: int) -> None:
    asked, read = tokenize(tokenizer, query), tokenize(tokenizer, passage)
    pair = make_pair(asked, read, skipped)
    assert len(pair.ids) <= MAX_TOKENS
    assert (pair.ids[0], pair.ids[-1]) == (BOS, EOS)
    shown = pair.ids[pair.first : pair.first + len(pair.spans)]
    assert shown == read.ids[skipped : skipped + room_for(asked)]
    assert pair.ids[1 : pair.first - 2] == asked.ids[:MAX_QUERY_TOKENS]
    assert pair.first + len(pair.spans) + 1 == len(pair.ids)


def test_a_long_question_leaves_most_of_the_room_to_the_passage(tokenizer: Any) -> None:
    asked, read = tokenize(tokenizer, "云汀区的水质怎么样" * 60), tokenize(tokenizer, "水质达标。" * 200)
    pair = make_pair(asked, read)
    assert len(pair.ids) == MAX_TOKENS
    assert len(pair.spans) == MAX_TOKENS - MAX_QUERY_TOKENS - 4
