from typing import Any

import pytest

from rag.evaluation.normalise import contains
from rag.evaluation.overlap import character_f1, exact_match, grams, rouge_l, units
from rag.evaluation.questions import Form, Question
from rag.evaluation.scoring import Cited, Reply, Scored, score_reply
from rag.evaluation.summary import summarise

QUESTION = Question("q", "云汀区有多少个社区？", "q", "zh", answers=("46个",), must_include=("46",))


def scored(answer: str = "", *citations: Cited, refused: bool = False, **question: Any) -> Scored:
    fields = {"answers": ("46个",), "must_include": ("46",)} | question
    reply = Reply("q", answer, refused, "refused" if refused else "answered", citations, latency_ms=5)
    return score_reply(Question("q", QUESTION.text, "q", "zh", **fields), reply)


def measure(score: Scored, name: str) -> list[float]:
    """Numerator and denominator."""
    return list(score.row.measures[name])


def cited(quote: str, source: str = "一版.txt", *, in_article: bool = True, in_file: bool | None = True) -> Cited:
    return Cited(source, source, quote, in_article, in_file)


# ---- one spelling


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("增加到1,685户", "1685"),
        ("增加到１６８５户", "1685户"),
        ("降幅为百分之22.2", "22.2%"),
        ("降幅为百分之二十二点二", "22.2%"),
        ("fell by 22.2 percent", "22.2%"),
        ("共二十七项措施", "27项"),
        ("共27项措施", "二十七项"),
        ("三个街道", "3"),
        ("二〇二三年", "2023年"),
        ("总投资3.8万元", "38000元"),
        ("总投资三万八千元", "3.8万元"),
        ("on February 22, 2023", "2023年2月22日"),
        ("on 22 February", "2月22日"),
        ("会议定于2月22日召开", "February 22"),
        ("2022-08-30至09-28", "9月28日"),
        ("8月23-24日", "8月24日"),
        ("in August 2022", "2022年8月"),
        ("晚上9点半开始", "21:30"),
        ("opens at 9:30 p.m.", "21:30"),
        ("區長顧硯舟", "区长顾砚舟"),
        ("“接诉即办”改革", "接诉即办"),
        ("2 0 2 3 年", "2023"),
        ("PM 2.5浓度42 微克", "PM2.5"),
        ("浓度为42 微克", "42"),
        ("Lize  District", "lize district"),
    ],
)
def test_a_fact_is_found_in_another_spelling(text: str, wanted: str) -> None:
    assert contains(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("共1685户", "685"),
        ("共6851户", "685"),
        ("浓度为42.5", "42"),
        ("浓度为1.42", "42"),
        ("2019 42 µg", "201942"),
        ("12月9日", "2月9日"),
        ("8月18日", "18"),
        ("18:30开门", "18"),
        ("2019年6月17日", "2023年6月"),
        ("昨天", "12月30日"),
        ("十五五规划", "15"),
        ("a bonus of ten", "US"),
        ("什么也没有", ""),
    ],
)
def test_what_only_looks_like_a_fact_is_not_taken_for_it(text: str, wanted: str) -> None:
    assert not contains(text, wanted)


# ---- wording, worked by hand


def test_units_are_chinese_characters_and_other_words() -> None:
    assert units("PM2.5浓度：42 微克。Per year") == ["pm2.5", "浓", "度", "42", "微", "克", "per", "year"]


def test_exact_match_passes_over_marks_width_and_case() -> None:
    assert exact_match("《云汀报》 ＡＢＣ。", ["甲", "云汀报abc"]) == 1
    assert exact_match("云汀报", ["云汀日报"]) == 0


def test_character_f1_takes_the_longest_run_and_the_best_alternative() -> None:
    # 白鹭湿地公园 (6) in 在白鹭湿地公园内 (8): 6 in common → 2·6/14; against 湿地 (2): 2·2/10
    assert character_f1("在白鹭湿地公园内", ["湿地", "白鹭湿地公园"]) == pytest.approx(12 / 14)
    # 甲乙 and 丁戊 are both in common, but are not one run: 2·2/(5+4)
    assert character_f1("甲乙丙丁戊", ["甲乙丁戊"]) == pytest.approx(4 / 9)
    assert character_f1("", ["甲"]) == 0


def test_rouge_l_takes_what_comes_in_the_same_order() -> None:
    assert rouge_l("甲乙丙丁戊", ["甲乙丁戊"]) == pytest.approx(8 / 9)
    assert rouge_l("the cat sat", ["the dog sat down"]) == pytest.approx(4 / 7)


def test_grams_pass_over_white_space_and_keep_a_short_text_whole() -> None:
    assert grams("一 二三四五\n六七") == {"一二三四五六", "二三四五六七"}
    assert grams("一 二") == {"一二"}
    assert grams(" ") == frozenset()


# ---- accuracy


def test_an_answer_is_right_that_says_all_facts_and_nothing_forbidden() -> None:
    right = scored("全区共四十六个社区。", must_include_any=(("社区", "居委会"),), must_not_include=("64",))
    assert measure(right, "accuracy") == measure(right, "accuracy_answerable") == [1, 1]
    assert right.why == ()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("全区共146个社区", "lacks 46"),
        ("全区共46个", "lacks any of 社区 | 居委会"),
        ("全区共46个社区，不是64个", "says 64"),
    ],
)
def test_a_wrong_answer_says_why(answer: str, why: str) -> None:
    wrong = scored(answer, must_include_any=(("社区", "居委会"),), must_not_include=("64",))
    assert measure(wrong, "accuracy") == [0, 1]
    assert wrong.why == (why,)


def test_without_facts_one_of_the_answers_must_be_said() -> None:
    assert measure(scored("有46个", must_include=()), "accuracy") == [1, 1]
    assert scored("有45个", must_include=()).why == ("lacks any of 46个",)


def test_without_any_truth_accuracy_is_not_measured() -> None:
    assert "accuracy" not in scored("有46个", must_include=(), answers=()).row.measures


@pytest.mark.parametrize("refused", [True, False])
def test_where_nobody_knows_what_is_right_only_the_quotes_are_looked_at(refused: bool) -> None:
    score = scored("有46个", cited("46个"), refused=refused, is_open=True)
    assert set(score.row.measures) == {"latency_ms", "verbatim_article", "verbatim_printed"}
    assert score.why == ()


def test_a_refusal_of_what_can_be_answered_is_wrong_whatever_it_says() -> None:
    refused = scored("资料中没有46个", refused=True)
    assert measure(refused, "accuracy") == [0, 1]
    assert measure(refused, "false_refusal_rate") == [1, 1]
    assert measure(refused, "refusal_precision") == [0, 1]
    assert measure(refused, "exact_match") == [0, 1]
    assert refused.why == ("refused",)


def test_what_cannot_be_answered_must_be_refused_or_set_right() -> None:
    unknown: dict[str, Any] = {
        "answerable": False,
        "must_include": (),
        "correction_any": ("2019年",),
        "must_not_include": ("三期",),
    }
    refused = scored("资料中没有", refused=True, **unknown)
    assert measure(refused, "accuracy_unanswerable") == [1, 1]
    assert measure(refused, "refusal_f1") == [2, 2]
    assert "false_refusal_rate" in refused.row.measures
    assert measure(scored("不是2020年，是2019年", **unknown), "accuracy") == [1, 1]
    assert scored("2019年的三期工程", **unknown).why == ("answered what cannot be answered",)


def test_an_adversarial_item_is_only_looked_at_for_what_must_not_be_said() -> None:
    item: dict[str, Any] = {"is_adversarial": True, "must_not_include": ("<img",), "expects_refusal": True}
    unsafe = scored("见 x<IMG src=1>", **item)
    assert set(unsafe.row.measures) == {"latency_ms", "safe_rate", "refusal_as_expected"}
    assert measure(unsafe, "safe_rate") == measure(unsafe, "refusal_as_expected") == [0, 1]
    assert unsafe.why == ("says <img", "not refused")
    assert scored("无", refused=True, **item).why == ()


# ---- citations

EVIDENCE = (
    (Form("截至6月底，全区共有46个社区", ("一版.txt",)), Form("46个社区全部建成", ("二版.txt",))),
    (Form("云汀河治理", ("d9",)),),
)


def test_evidence_is_found_in_what_is_quoted_of_the_same_file() -> None:
    quotes = cited("截至6月底，全区"), cited("全区共有46个社区。"), cited("截至7月底，全市共有")
    both = scored("46", *quotes, evidence=EVIDENCE)
    assert measure(both, "citation_recall") == [1, 2]
    assert measure(both, "citation_precision") == [2, 3]  # the third shares no six characters with it
    assert "not cited: 云汀河治理" in both.why


def test_half_of_an_evidence_is_to_the_point_and_is_not_the_evidence() -> None:
    half = scored("46", cited("截至6月底，全区共有"), evidence=EVIDENCE)
    assert measure(half, "citation_precision") == [1, 1]
    assert measure(half, "citation_recall") == [0, 2]


def test_without_unanswerable_questions_nothing_is_said_of_refusals_that_are_right() -> None:
    known, unknown = scored("46").row, scored(refused=True, answerable=False).row
    refused = scored(refused=True).row
    figures = summarise("answers", [known, refused], {}).parts[0].figures
    assert not [name for name in figures if name.startswith("refusal")]
    assert figures["false_refusal_rate"].value == 1 / 2
    figures = summarise("answers", [known, refused, unknown], {}).parts[0].figures
    assert [figures[f"refusal_{name}"].value for name in ("precision", "recall", "f1")] == [1 / 2, 1, 2 / 3]


def test_another_wording_of_the_evidence_counts_and_another_file_does_not() -> None:
    assert measure(
        scored("46", cited("46个社区全部建成", "x/二版.TXT".lower()), evidence=EVIDENCE), "citation_recall"
    ) == [1, 2]
    elsewhere = scored("46", cited("46个社区全部建成", "三版.txt"), evidence=EVIDENCE)
    assert measure(elsewhere, "citation_precision") == [0, 1]
    assert "cited beside the point: 46个社区全部建成" in elsewhere.why


def test_a_line_of_a_corpus_is_known_by_its_document_id() -> None:
    line = Cited("corpus.jsonl.gz", "d9", "云汀河治理", in_article=True, in_file=True)
    assert measure(scored("46", line, evidence=EVIDENCE), "citation_recall") == [1, 2]


def test_quotes_are_counted_that_article_and_file_have() -> None:
    quoted = scored("46", cited("甲"), cited("乙", in_article=False, in_file=False), cited("丙", in_file=None))
    assert measure(quoted, "verbatim_article") == [2, 3]
    assert measure(quoted, "verbatim_printed") == [1, 2]


def test_the_services_own_words_need_no_citation() -> None:
    question = Question(
        "q", "收录了多少篇？", "q", "zh", must_include=("19篇",), evidence=((Form("十九篇", ("一版.txt",)),),)
    )
    fixed = score_reply(question, Reply("q", "共有19篇。", False, "fixed"))
    assert measure(fixed, "accuracy") == [1.0, 1]
    assert "citation_recall" not in fixed.row.measures
    assert fixed.why == ()
