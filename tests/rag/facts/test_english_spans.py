"""rag.facts.english_spans: which stretches of an English sentence answer a Chinese or an English question."""

import pytest

from index.language.terms import Lexicon
from index.records import PartialDate
from rag.facts.answer_spans import find_spans
from rag.question.analysis import analyse_question

LEXICON = Lexicon()


def strongest(question: str, sentence: str) -> set[str]:
    spans = find_spans(analyse_question(question, LEXICON), sentence, PartialDate("2023-08-09"), LEXICON)
    most = max((span.strength for span in spans), default=0.0)
    return {sentence[span.start : span.end] for span in spans if span.strength == most}


MARKET = "The market has 1.12 million square metres (1,680 mu), over 1,500 managers and 80 percent of the supply."
GROWTH = "GDP for the first half of 2023 was 102.3 billion yuan, up 7.1 percent."
SAID = "Fang Jibai, deputy director of the development commission, said so to Luo Minzhi."


@pytest.mark.parametrize(
    ("question", "sentence", "best"),
    [
        ("市场占地多少亩？", MARKET, {"1,680 mu"}),
        ("市场面积有多少平方米？", MARKET, {"1.12 million square metres"}),
        ("市场有多少名管理人员？", MARKET, {"1,500"}),
        ("占供应的百分之几？", MARKET, {"80 percent"}),
        ("GDP是多少元？", GROWTH, {"102.3 billion yuan"}),
        ("GDP增长率是多少？", GROWTH, {"7.1 percent"}),
        ("发改委副主任是谁？", SAID, {"Fang Jibai"}),
        ("产值增长多少？", "Output came to 10.8 billion yuan and rose 18 percent.", {"18 percent"}),
        ("步道多长？", "A trail of 34 kilometres will join two parks.", {"34 kilometres"}),
        ("什么时候开业？", "It opened on 3 March 1992 with 12 stalls.", {"3 March 1992"}),
        ("服务几点开放？", "The line is open from 8 am on weekdays.", {"8 am"}),
        ("服务设在哪里？", "The service sits in Xinglan Science Park.", {"in Xinglan Science Park"}),
        ("区长是谁？", "District head Jiang Huaijin drove the first bus.", {"Jiang Huaijin"}),
        ("园林局局长是谁？", "Bai Shuzhi, head of the district landscaping bureau, spoke.", {"Bai Shuzhi"}),
        ("Who is the director of the ecology bureau?", "Bureau director Han Yu spoke.", {"Han Yu"}),
    ],
)
def test_what_is_asked_for_is_the_strongest_stretch(question: str, sentence: str, best: set[str]) -> None:
    assert strongest(question, sentence) == best


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("发改委主任是谁？", SAID),  # its deputy is named
        ("副区长是谁？", "District head Jiang Huaijin drove the first bus."),
        ("书记是谁？", "Bureau director Han Yu spoke."),
        ("区长是谁？", "Bai Shuzhi, head of the district landscaping bureau, spoke."),
        ("环保局局长是谁？", "Qi Muye, director of the park, spoke."),
        ("街道办主任是谁？", "Bureau director Han Yu spoke."),
    ],
)
def test_who_holds_another_office_is_not_who_is_asked_for(question: str, sentence: str) -> None:
    spans = find_spans(analyse_question(question, LEXICON), sentence, None, LEXICON)
    assert all(span.strength < 0.9 for span in spans)


def test_places_days_and_months_are_no_persons() -> None:
    assert strongest("谁？", "In May Yunting District opened Wangjin Bridge on Monday.") == set()
