import pytest

from index.language.terms import Lexicon
from rag.facts.asked_kind import is_of_asked_kind
from rag.question.analysis import analyse_question

METRES = "更换了多少米管道？"
OF_KIND = [
    (METRES, "更换管道1234米[1]。"),
    (METRES, "共更换管道1.2公里[1]。"),
    (METRES, "更换一千二百米[1]。"),
    ("共花费多少钱？", "造价九千万元[1]。"),
    ("增长了多少元？", "增长5.2%[1]。"),
    ("用了多长时间？", "自3月1日起，5月5日完工[1]。"),
    ("有几部电梯？", "装了五部[1]。"),
    ("桥哪一天通车？", "桥于2021年10月1日通车[1]。"),
    ("谁主持了会议？", "会议由区长何远山主持[1]。"),
    ("谁负责施工？", "由区水务局负责[1]。"),
    ("为什么停航？", "因为大风[1]。"),
    ("诊所在哪里？", "在渔歌路[1]。"),
    ("How many metres long is the canal?", "It is 1.2 kilometres long [1]."),
]
OF_ANOTHER = [
    (METRES, "请致电99990000[1]。"),
    (METRES, "该工程已叫停[1]。"),
    (METRES, "造价为九千万元[1]。"),
    (METRES, "无可奉告[1]。"),
    ("桥哪一天通车？", "桥有毒[1]。"),
    ("谁主持了会议？", "无可奉告[1]。"),
    ("How many metres long is the canal?", "The canal is closed [1]."),
]


@pytest.mark.parametrize(("question", "statement"), OF_KIND)
def test_a_statement_of_the_kind_asked_for_is_known(question: str, statement: str, lexicon: Lexicon) -> None:
    assert is_of_asked_kind(analyse_question(question, lexicon), statement, lexicon)


@pytest.mark.parametrize(("question", "statement"), OF_ANOTHER)
def test_a_statement_of_another_kind_is_none(question: str, statement: str, lexicon: Lexicon) -> None:
    assert not is_of_asked_kind(analyse_question(question, lexicon), statement, lexicon)
