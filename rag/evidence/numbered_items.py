"""The item of a numbered list that a question asks for by its number: 第二项要求 is what begins with 二是, （二） or 2."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from index.language.numerals import numeral_value
from index.records import Article
from rag.evidence.lists import find_enumerations
from rag.evidence.sentence_ranking import CandidateSentence
from rag.question.analysis import QuestionAnalysis

ITEM_PROBABILITY: Final = 0.9
"""That the item so numbered is what is asked for, where its passage and title have what the question names."""
MIN_COVERAGE: Final = 0.6
"""Share of the question's terms that the item, its passage or its title have."""
_ASKED: Final = re.compile(
    r"第(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})(?:个?(?:项|条|点|款|步骤?)|个?方面)"
    r"(?:的?(?:具体)?(?:内容|要求|措施|任务|举措|规定|承诺|工作|做法|建议|意见|步骤|条件|原则|标准))?"
    r"(?=是|为|要|该|应|指|说|讲|怎|做|有什么|都?写|规定|[?？]|\Z)"
)


def asked_item(analysis: QuestionAnalysis) -> int | None:
    """Return the number of the item that a Chinese question asks for; None where it asks for none, or for a figure in it."""
    match = _ASKED.search(analysis.text) if analysis.language == "zh" and analysis.answer_type != "number" else None
    if match is None:
        return None
    return int(match["number"]) if match["number"].isdigit() else numeral_value(match["number"])


def find_item(
    number: int, ranked: Sequence[CandidateSentence], articles: Mapping[str, Article]
) -> CandidateSentence | None:
    """Return the first sentence of an item, of the list that has most of what the question names.

    Args:
        number: of the item, from 1 on.
        ranked: sentences that may answer, best first.
    """
    begins = {
        name: {run.items[number - 1][0] for run in find_enumerations(article.text) if len(run.items) >= number}
        for name, article in articles.items()
        if number > 0
    }
    items = [
        one
        for one in ranked
        if one.context_coverage >= MIN_COVERAGE and one.start in begins.get(one.passage.article_id, ())
    ]
    return max(items, key=lambda one: one.context_coverage, default=None)  # of equal ones the best
