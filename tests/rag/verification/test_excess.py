"""rag.verification.excess: what is no sentence."""

import pytest

from index.language.terms import Lexicon
from rag.generation.mending import describes_problem, may_help
from rag.verification.claims import Claims
from rag.verification.excess import find_excess
from rag.verification.statements import StatementSplitter


def excess_of(text: str, lexicon: Lexicon) -> list[str]:
    (statement,) = [*(splitter := StatementSplitter()).feed(text), *splitter.finish()]
    return list(find_excess(statement, Claims(statement.claim, None, lexicon)))


NUMBERS = [number * 37 % 997 for number in range(1, 60)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("，".join(f"第{number}号院有{number + 3}户" for number in range(1000, 1100)), "too_long"),
        ("云汀区下降12.5%，" * 12, "repeats_itself"),
        ("2023年1月1日" * 20, "repeats_itself"),
        ("1%" * 50, "repeats_itself"),
        ("、".join(f"{number}家" for number in NUMBERS), "too_much_in_one"),
    ],
)
def test_what_is_no_sentence_is_known_by_its_kind(text: str, problem: str, lexicon: Lexicon) -> None:
    assert excess_of(text, lexicon) == [problem]
    assert describes_problem(problem)
    assert not may_help("云汀区", [problem])


@pytest.mark.parametrize(
    "text",
    [
        "2020年青屿区植树1200棵，比上年增加200棵。",
        "是。",
        "哈哈哈哈。",
        "、".join(f"20{year}年为{year * 3 % 17}.{year % 10}%" for year in range(10, 24)),
        "，".join(f"{month}月检查{month * 13 % 50}家、整改{month * 7 % 30}家" for month in range(1, 13)),
        "获奖者有王伟、李芳、张娜、刘敏、陈静、杨磊、赵洋、黄勇、周艳、吴杰。",
    ],
)
def test_a_long_list_is_a_sentence(text: str, lexicon: Lexicon) -> None:
    assert excess_of(text, lexicon) == []
