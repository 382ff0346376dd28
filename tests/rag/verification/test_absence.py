"""What a statement says that the reports do not tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification.absence import find_absence, says_nothing_found

ABSENCES = {
    "所检索的报道未提到灯会的票价。": "灯会的票价",
    "报道中没有提到灯会的票价。": "灯会的票价",
    "片段没有说明轮渡何时恢复。": "轮渡何时恢复",
    "以上资料未提及听潮桥的造价。": "听潮桥的造价",
    "相关报道并未明确说明具体日期。": "具体日期",
    "但报道没有给出票价的信息。": "票价",
    "现有材料中未提供2024年的数据。": "2024年",
    "文章没有提到：票价。": "票价",
    "The passages do not mention the price.": "the price",
    "The reports don't say when the ferry resumes.": "when the ferry resumes",
    "However, the articles do not specify who chaired it.": "who chaired it",
    "The retrieved reports did not state the cost.": "the cost",
}


@pytest.mark.parametrize("statement", ABSENCES)
def test_what_the_reports_are_said_not_to_tell_is_found(statement: str) -> None:
    assert find_absence(statement) == ABSENCES[statement]


@pytest.mark.parametrize(
    "statement",
    [
        "会议没有通过合并两镇的议案。",
        "轮渡没有停航。",
        "园区去年没有新增用地。",
        "他没有说明原因。",
        "居民没有提出异议。",
        "全区没有出现险情。",
        "听潮桥未列入规划。",
        "报道称没有人员受伤。",
        "区长梁若水没有提到票价。",
        "资料馆没有公布名单。",
        "The council did not approve the plan.",
        "The market does not open on Mondays.",
        "The report does not please the fishermen; it angers them. They do not mention why.",
    ],
)
def test_an_ordinary_denial_is_none(statement: str) -> None:
    assert find_absence(statement) is None


DENIALS = ("没有", "未", "并未", "尚未", "不")
subjects = st.sampled_from(
    ["轮渡", "听潮桥", "区长梁若水", "湖心小学", "盐仓早市", "合唱队", "12家企业", "3月5日，渔船"]
)
deeds = st.sampled_from(["停航", "通车", "提到票价", "说明原因", "公布名单", "启用", "参加会议", "延长时间", "检修"])


@given(subject=subjects, denial=st.sampled_from(["", *DENIALS]), deed=deeds, mark=st.sampled_from(["", "。", "！"]))
def test_what_is_denied_of_somebody_is_never_taken_for_silence_of_the_reports(
    subject: str, denial: str, deed: str, mark: str
) -> None:
    assert find_absence(f"{subject}{denial}{deed}{mark}") is None


@given(st.text(max_size=60))
def test_what_is_found_is_part_of_the_statement(text: str) -> None:
    found = find_absence(text)
    assert found is None or found in text


@pytest.mark.parametrize(
    "statement",
    [
        "未找到",
        "未找到。",
        "资料中没有相关内容。",
        "资料未载明，无法回答。",
        "很抱歉，所提供的报道中没有提到相关信息。",
        "无可奉告。",
        "NOT_FOUND",
        "No information available.",
        "I cannot answer this question.",
        "Sorry, the passages do not contain the answer.",
    ],
)
def test_a_statement_that_says_only_that_there_is_no_answer_is_a_refusal(statement: str) -> None:
    assert says_nothing_found(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "轮渡没有停航。",
        "走失老人仍未找到。",
        "全区没有出现险情，无法入户的已登记。",
        "所检索的报道未提到灯会的票价。",
        "No one was hurt.",
        "The report was not found in the archive of 2021.",
    ],
)
def test_a_statement_that_denies_something_is_none(statement: str) -> None:
    assert not says_nothing_found(statement)
