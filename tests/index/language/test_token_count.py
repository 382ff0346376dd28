"""index.language.token_count: the budget's unit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.token_count import count_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # Counts that OpenAI publishes for cl100k_base (cookbook, "How to count tokens with tiktoken").
        ("", 0),
        ("tiktoken is great!", 6),
        ("antidisestablishmentarianism", 6),
        ("2 + 2 = 4", 7),
        ("お誕生日おめでとう", 9),
    ],
)
def test_counts_are_those_published_for_the_encoding(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_special_tokens_in_a_text_count_as_the_characters_they_are() -> None:
    assert count_tokens("<|endoftext|>") > 1


@settings(deadline=None)
@given(st.text())
def test_any_text_has_at_most_one_token_a_byte_and_at_least_one_if_it_has_any(text: str) -> None:
    assert bool(text) <= count_tokens(text) <= len(text.encode())
