"""Planned told as done, may as must, the highest as the lowest."""

import pytest
from beside import parsed_of, places_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.language.terms import Lexicon
from rag.verification.check_modality import find_modality_changes

SCORES = "盐仓镇得分最高，柳湾镇得分最低。"
CHANGED: dict[str, tuple[str, str, list[str]]] = {
    "planned told as done": ("听潮桥已于6月建成通车。", "听潮桥计划于6月建成通车。", ["已于"]),
    "a future told as past": ("湖心小学启用了。", "湖心小学将于9月启用。", ["了"]),
    "may told as must": ("居民必须实名登记。", "居民可以实名登记。", ["必须"]),
    "voluntary told as must": ("摊主一律实名登记。", "鼓励摊主实名登记。", ["一律"]),
    "must told as may": ("居民可以实名登记。", "居民必须实名登记。", ["可以"]),
    "doubled": ("游客人数翻了一番。", "游客人数比上年增加20%。", ["翻了一番"]),
    "doubled in English": (
        "The number of visitors doubled.",
        "The number of visitors grew by 20 percent.",
        ["doubled"],
    ),
    "the lowest told as the highest": ("得分最高的是柳湾镇。", SCORES, ["最高"]),
    "the highest told as the lowest": ("盐仓镇得分最低。", SCORES, ["最低"]),
    "the last told as the first": ("柳湾镇排名第一。", "柳湾镇排名末位。", ["第一"]),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_what_says_more_than_is_printed_is_named(lexicon: Lexicon, kind: str) -> None:
    statement, told, found = CHANGED[kind]
    assert list(find_modality_changes(parsed_of(statement, lexicon), places_of(lexicon, told))) == found


KEPT = {
    "planned": ("听潮桥计划于6月建成通车。", "听潮桥计划于6月建成通车。"),
    "done": ("听潮桥已建成通车。", "听潮桥已建成通车。"),
    "done, of which a plan is told too": ("听潮桥已建成通车。", "听潮桥已建成通车，柳湾桥计划年内开工。"),
    "must": ("居民必须实名登记。", "居民须实名登记。"),
    "may": ("居民可以实名登记。", "居民可以实名登记。"),
    "doubled": ("游客人数翻了一番。", "游客人数翻了一番。"),
    "the lowest": ("得分最低的是柳湾镇。", SCORES),
    "the highest": ("得分最高的是盐仓镇。", SCORES),
    "of something else": ("参加演练的必须是村民。", "游客可以乘轮渡前往小屿。"),
    "certain for possible": ("听潮桥可能通车。", "听潮桥通车。"),
}


@pytest.mark.parametrize("kind", KEPT)
def test_what_says_as_much_is_let_pass(lexicon: Lexicon, kind: str) -> None:
    statement, told = KEPT[kind]
    assert list(find_modality_changes(parsed_of(statement, lexicon), places_of(lexicon, told))) == []


pieces = st.sampled_from(["听潮桥", "将于6月", "已经", "建成通车", "计划", "必须", "可以", "登记", "得分最高", "柳湾镇", "最低", "翻了一番", "，", "。"])  # fmt: skip
texts = st.one_of(st.text(max_size=40), st.lists(pieces, max_size=10).map("".join))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statement=texts, told=texts)
def test_the_words_named_are_the_statement_s(lexicon: Lexicon, statement: str, told: str) -> None:
    found = find_modality_changes(parsed_of(statement, lexicon), places_of(lexicon, told))
    assert all(words in statement for words in found)
