"""What an office is called, with its rank in front of it: 副区长, 代区长, 常务副主任."""

import re

from index.language.vocabulary import offices, pattern_of

GOVERNMENT = offices("government")
"""Heads of a government: the territory is their unit."""
PARTY = offices("party") - offices("association")
_NAMES = pattern_of(offices(without=("people", "role", "courtesy", "plain", "rank")), r"首席\S{1,3}官")
TITLE_PATTERN = (
    rf"(?P<rank>(?:代理|代|常务|执行|名誉|荣誉|第一|高级|联席|轮值)?(?:副|总(?=书记))?)(?P<title>{_NAMES})(?<!长(?=[期达远度效久途]))"
    r"(?!助理|负责制|会议|办公会|办公室|接待|信箱|热线|医师|护师|技师|科员|令|员(?!$)|级|岗|制|们|处(?=书记))"
)
TITLE = re.compile(TITLE_PATTERN)
ACTING = ("代理", "代")
"""Ranks of who holds an office until somebody is elected."""
