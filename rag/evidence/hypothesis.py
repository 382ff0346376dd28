"""A question and a short answer → what both say together, as a statement: 丰台站什么时候开通, 2022年 → 丰台站2022年开通.

A sentence that answers a question bears that statement out; of a near miss, which answers another one, it does not. (Answers of
question answering verified as hypotheses: Chen, Choi and Durrett 2021, "Can NLI models verify QA systems' predictions?") Chinese
leaves the asking word where the answer stands, so that the one takes the place of the other.
"""

import re

from index.language.vocabulary import DIVISIONS, class_of, measure_words, pattern_of
from rag.question.analysis import QuestionAnalysis
from rag.question.opening import OPENING

_COUNTED = pattern_of(measure_words("count", "people", "unit"))
_GENERAL = class_of(measure_words("general"))
_WHICH = rf"哪(?:一?[{_GENERAL}些几]|[一两几]?(?:{_COUNTED}))?"
_NUMBER = rf"(?:百分之|第)?(?:多少?(?=[大长高远久宽深重])[大长高远久宽深重]|多少|几)(?:[万亿])?(?:{_COUNTED}|%|％|钱)?|多[大长高远久宽深重]"
# What each sort of answer takes the place of, the most telling first.
_ASKED: dict[str, str] = {
    "number": rf"(?:是|为|有|达到?)?(?:{_NUMBER})|(?:情况)?(?:怎么样|如何)",
    "date": r"(?:是|在|于)?(?:什么时[候间]|啥时候?|何时|(?:哪|何)一?[天年月日]|几月几?[日号]?|几号|几点|什么(?:日子|日期|时间)|多会儿)",
    "person": rf"(?:是|叫|为)?(?:谁|{_WHICH}(?:领导|同志|人|位)?|什么(?:名字|人)|啥名字?|何人)",
    "office": r"(?:是|任|担任)?(?:什么|何|啥)(?:职务?|职位|官|身份|头衔)?",
    "place": rf"(?:是|在|于)?(?:哪里|哪儿|(?:什么|啥)地方|何[处地]|{_WHICH}(?:{pattern_of(DIVISIONS)}|地方)?)",
    "organisation": rf"(?:是|由)?(?:{_WHICH}|什么|何|啥)(?:单位|部门|公司|企业|机构|学校|大学|医院|组织|集团)?",
    "reason": r"为什么|为何|为啥|什么原因|何以|原因(?:是什么|何在)",
    "other": rf"(?:有|是)?(?:什么|啥|何种?|{_WHICH}|怎么样?|如何|多少|几)",
}
_OPENING = re.compile(rf"^(?:{OPENING}|请)[，,：:\s]*")
_ENDING = re.compile(r"(?<![\s？?。！!])[\s？?。！!]++$")
_PARTICLES = re.compile(r"(?:呢|啊|呀|吧|来着|的呢|了呢)$")


def state_answer(analysis: QuestionAnalysis, answer: str) -> str:
    """Return what a Chinese question and an answer to it say together, without a full stop.

    Args:
        answer: a figure, day, name or phrase, as it is printed.
    """
    asked = _PARTICLES.sub("", _ENDING.sub("", _OPENING.sub("", analysis.text.strip())))
    found = list(re.finditer(_ASKED[analysis.answer_type], asked)) or list(re.finditer(_ASKED["other"], asked))
    if not found:
        return f"{asked}为{answer}"
    match = found[-1]
    linked = next((word for word in ("是", "为", "有", "在", "由", "叫") if match[0].startswith(word)), "")
    return asked[: match.start()] + linked + answer + asked[match.end() :]
