"""The day of asking at New Year, on 29 February and where the server's zone is another: what 昨天, 上月 and 去年 are then.

A real process under libfaketime for each moment and zone; what is right is reckoned here, by the calendar alone.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from fault_figures import Tried
from repository import ROOT

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed: it makes another clock"),
]
CHINA = timezone(timedelta(hours=8))
MOMENTS = {  # in UTC, each beside a zone that the server is set to
    "2023-12-31 15:59:50": "UTC",
    "2023-12-31 16:00:10": "UTC",
    "2024-01-01 00:30:00": "America/Los_Angeles",
    "2024-02-28 16:00:10": "UTC",
    "2024-02-29 15:59:50": "Pacific/Kiritimati",
    "2024-02-29 16:00:10": "Asia/Shanghai",
    "2025-02-28 16:00:10": "UTC",
    "2024-03-30 20:00:00": "Europe/Berlin",
}
Period = tuple[date, date]


def month(day: date, off: int) -> Period:
    first = date(day.year + (day.month - 1 + off) // 12, (day.month - 1 + off) % 12 + 1, 1)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(1)


def year(day: date, off: int) -> Period:
    return date(day.year + off, 1, 1), date(day.year + off, 12, 31)


def week(day: date, off: int) -> Period:
    monday = day - timedelta(day.weekday()) + timedelta(7 * off)
    return monday, monday + timedelta(6)


def days(day: date, off: int) -> Period:
    return (day + timedelta(off),) * 2


EXPRESSIONS: dict[str, tuple[Callable[[date, int], Period], int]] = {
    "昨天": (days, -1), "前天": (days, -2), "明天": (days, 1), "昨日": (days, -1),
    "本月": (month, 0), "这个月": (month, 0), "上月": (month, -1), "上个月": (month, -1), "下个月": (month, 1),
    "今年": (year, 0), "去年": (year, -1), "前年": (year, -2), "明年": (year, 1),
    "本周": (week, 0), "上周": (week, -1),
}  # fmt: skip
ENGLISH = {"yesterday": (days, -1), "last month": (month, -1), "last year": (year, -1), "this year": (year, 0)}
ASK = """
import json, sys
from rag.question.analysis import analyse_question
print(json.dumps({text: [(span.first, span.last) for span in analyse_question(text).time_range.asked] for text in json.load(sys.stdin)}))
"""


def test_what_is_said_of_a_day_is_counted_from_chinas_wherever_the_server_stands(tried: Tried) -> None:
    wrong, of = [], 0
    for moment, zone in MOMENTS.items():
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        today = now.astimezone(CHINA).date()
        asked = {f"{words}云汀区新开了几家养老院？": rule(today, off) for words, (rule, off) in EXPRESSIONS.items()}
        asked |= {f"How many homes opened {words}?": rule(today, off) for words, (rule, off) in ENGLISH.items()}
        local = now.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")  # it reads a moment in the process's zone
        command = ["faketime", "-f", f"@{local}", sys.executable, "-c", ASK]
        run = subprocess.run(
            command,
            input=json.dumps(list(asked)),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=os.environ | {"TZ": zone, "PYTHONPATH": str(ROOT), "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
        )
        for text, spans in json.loads(run.stdout).items():
            of += 1
            expected = [[day.isoformat() for day in asked[text]]]
            if spans != expected:
                wrong.append((moment, zone, text, spans, expected))
    assert wrong == []
    tried("relative dates under another clock", of - len(wrong), of)
