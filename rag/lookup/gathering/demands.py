"""What a speaker or a meeting asks for, point by point: all of it, without the sentence that only announces it.

会议要求，要从三个方面加强工作。 | 要以…为统领，…； | 要以…为指导，…； | 要以…为目标，…。     →  three points
"""

import re
from collections.abc import Sequence

from index.language.sentences import find_content_sentences
from index.language.vocabulary import OFFICE, acts, measure_words, pattern_of
from rag.lookup.gathering.asked import is_person

Span = tuple[int, int]
_SPEECH = re.compile(
    rf"\A(?P<who>[^。；！？：]{{0,40}}?)(?:{pattern_of(acts('demand', 'speak') - {'部署', '点评', '意见', '发言', '讲话', '致辞', '作报告', '作工作报告'}, '提出')})(?:了?[，,：:]|要(?=[\u4e00-\u9fff]))"
)
_HAN = "一二三四五六七八九十"
_NUMBER = re.compile(
    rf"\A[\s“]*(?:[{_HAN}]{{1,2}}是|第[{_HAN}][，、,]|其[{_HAN}][，、,]|[（(][{_HAN}\d]{{1,2}}[）)]|首先|其次|再次|最后)"
)
_POINT = re.compile(rf"{_NUMBER.pattern}|\A[\s“]*(?:必须|需要|要(?![求闻点])|应当|应(?=[\u4e00-\u9fff]))")
_ANNOUNCES = re.compile(
    rf"(?:[两二三四五六七八九十\d]{pattern_of(measure_words('general', without=('noun',)), '大')}?(?:方面|要求|意见|工作|重点|举措|任务)|以下|如下)"
)
_STARTS = re.compile(r"\A[\s“]*(?:一是|第一[，、,]|其一|首先|[（(][一1][）)])")
ANNOUNCING_CHARACTERS = 45
"""Of a sentence that only announces points at most."""
_AGENT = re.compile(
    rf"(?:^|[，,])(?:[^，,]{{0,12}}(?:会议|大会|会)上?还?|[他她]还?|(?:[\u4e00-\u9fff]{{2,3}}、){{0,12}}(?:[^，,]{{0,16}}{OFFICE}){{0,3}}(?:[\u4e00-\u9fff]{{2,3}}、){{0,12}}(?P<name>[\u4e00-\u9fff]{{2,3}}?)还?)$"
)
"""Who says it: a person, 他, a meeting."""


def find_demands(text: str, speaker: str | None) -> list[tuple[Span, ...]]:
    """Return the points that the speaker makes, each as the sentences of it; of any meeting or speaker where None."""
    points: list[list[Span]] = []
    active = numbered = spoke_of = False
    bounds = find_content_sentences(text)
    for place, (start, end) in enumerate(bounds):
        sentence = text[start:end]
        begins = place == 0 or "\n" in text[bounds[place - 1][1] : start]
        match = _SPEECH.match(sentence)
        agent = _AGENT.search(match["who"]) if match else None
        if match and agent and (agent["name"] is None or is_person(agent["name"])):
            named = speaker is None or speaker in agent[0]
            active = named or ((active or spoke_of) and agent["name"] is None and "会" not in agent[0])
            opened = active
            numbered = False
        else:
            opened = False
            if begins:
                active = active and _POINT.match(sentence) is not None and not _STARTS.match(sentence)
        # 某某对来访表示欢迎。他指出，…
        spoke_of = speaker is not None and (speaker in sentence.split("，")[0] or (spoke_of and not begins))
        if not active:
            continue
        body = sentence[match.end() :] if match and opened else sentence
        numbered = numbered or _NUMBER.match(body) is not None
        if opened or (_NUMBER if numbered else _POINT).match(body) or not points:
            points.append([(start, end)])
        else:
            points[-1].append((start, end))
    return [tuple(point) for point in _without_announcements(text, points)]


def _without_announcements(text: str, points: Sequence[Sequence[Span]]) -> list[Sequence[Span]]:
    kept = []
    for place, point in enumerate(points):
        start, end = point[0]
        announces = (
            len(point) == 1 and end - start <= ANNOUNCING_CHARACTERS and _ANNOUNCES.search(text, start, end) is not None
        )
        if not (announces and place + 1 < len(points)) and not (text[end - 1] in "：:" and place + 1 < len(points)):
            kept.append(point)
    return kept
