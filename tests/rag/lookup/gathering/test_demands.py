"""rag.lookup.gathering.demands: what a speaker asks for, all of it, and nobody else's words."""

from rag.lookup.gathering.demands import find_demands

CHECK = (
    "3月5日，区长何远山到北港检查。\n"
    "何远山强调，一是要疏通沟渠。各街镇要登记造册，落实“日报告”要求，及时整改。\n"
    "二是要检修泵站。\n"
    "宋知秋指出，要备足沙袋。\n"
    "区领导一同参加。"
)
MEETING = "青屿区召开老干部会议。会议要求，要从两个方面做好工作。要以学习为先，提高认识；要以服务为本，解决困难。\n区领导参加。"


def points(text: str, speaker: str | None) -> list[str]:
    return ["".join(text[start:end] for start, end in point) for point in find_demands(text, speaker)]


def test_each_speaker_has_his_own_points() -> None:
    first = points(CHECK, "何远山")
    assert len(first) == 2
    assert "及时整改" in first[0]
    assert first[1] == "二是要检修泵站。"
    assert points(CHECK, "宋知秋") == ["宋知秋指出，要备足沙袋。"]


def test_the_sentence_that_only_announces_them_is_no_point() -> None:
    assert points(MEETING, None) == ["要以学习为先，提高认识；", "要以服务为本，解决困难。"]


def test_who_did_not_speak_asked_for_nothing() -> None:
    assert points(CHECK, "梁若水") == []
