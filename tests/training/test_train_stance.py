"""tests/training/train_stance.py: what the stance of passages is learnt from."""

import random

from train_stance import _with_answer, examples_of_rows, passages_of

DOCUMENT = {
    "_id": "bridge",
    "title": "听潮桥通车",
    "date": "2021-10-02T09:00",
    "text": "2021年10月1日，听潮桥建设工程完工通车。该桥全长638米，双向六车道。"
    + "区里还办了灯会，热闹了三个晚上。" * 30,
}


class Nowhere:
    """A retriever that finds nothing."""

    def retrieve(self, _query: object) -> object:
        return type("Found", (), {"passages": ()})()


def test_an_articles_passages_are_all_of_it_with_its_day() -> None:
    passages = passages_of(DOCUMENT)
    assert len(passages) > 1
    assert {passage.date for passage in passages} == {"2021-10-02"}
    assert all(DOCUMENT["text"][passage.start : passage.end] == passage.text for passage in passages)


def test_the_answer_takes_the_place_of_the_asking_word() -> None:
    assert _with_answer("听潮桥全长多少？", "638米") == "听潮桥全长638米"
    assert _with_answer("听潮桥什么时候通车？", "2021年") == "听潮桥2021年通车"
    assert _with_answer("听潮桥的长度？", "638米") is None


def test_a_statement_is_asked_as_a_question_and_a_false_one_is_told_otherwise() -> None:
    rows = [
        {"t": "s", "article": "bridge", "statement": "听潮桥长638米。", "evidence": ["该桥全长638米"]},
        {
            "t": "w",
            "article": "bridge",
            "statement": "听潮桥长836米。",
            "evidence": ["该桥全长638米"],
            "error": "figure",
        },
        {"t": "w", "article": "bridge", "statement": "因为下雨通车。", "evidence": ["该桥全长638米"], "error": "cause"},
        {"t": "y", "article": "bridge", "question": "听潮桥是双向六车道吗？", "yes": True, "evidence": ["双向六车道"]},
    ]
    found = list(examples_of_rows(rows, {"bridge": DOCUMENT}, Nowhere(), random.Random(1)))  # type: ignore[arg-type]
    settled = [(example.question, example.says) for example in found if example.says != "nothing"]
    assert settled == [
        ("听潮桥长638米吗？", "yes"),
        ("听潮桥长836米吗？", "no"),
        ("听潮桥是双向六车道吗？", "yes"),
    ]
    assert all("638" not in example.passage.text for example in found if example.says == "nothing")
