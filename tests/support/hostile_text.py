"""Hostile strings for functions over text, and whether time grows faster than their length: CPU seconds at n, 2n, 4n characters."""

import importlib
import os
import pkgutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import TypeVar

from fault_figures import Tried

from index.language.memo import TEXTS

T = TypeVar("T")

RUNS = (
    *"1一的区aA“”《》‘（）()[]{}<>年月日%.,，、。！？?!—-*_`|:：;；/\\~'\"\t\r\n \u3000\u200b①🦊@#·",
    *(
        "一二三",
        "千万",
        "1%",
        "1万",
        "1亿元",
        "1,",
        "1.",
        "1:",
        "1-",
        "1/",
        "1~",
        "百分之一",
        "第一",
        "第",
        "一是",
        "两",
    ),
    *("2023年1月1日", "1月1日、", "1日至", "2023年1", "昨天", "以来", "同比增长1%", "从1到", "July 1, ", "2023-01-01 "),
    *(
        "区 ",
        "区a1",
        "a ",
        "Ab ",
        "A. ",
        "word ",
        "the ",
        "of the ",
        "what is the ",
        "IV ",
        "a?",
        "a.",
        "a-",
        "a@",
        "e\u0301",
    ),
    *(
        " \n",
        "区\n",
        "a\n",
        "1\n",
        "\n\n",
        "。\n",
        "。”",
        "“。",
        "“区，",
        "《》",
        "“”",
        "（）",
        "()",
        "[1]",
        "[1,",
        "[a](",
        "<a>",
        "<!--",
    ),
    *(
        "张三、李四、",
        "（记者 ",
        "记者 王一 ",
        "本报讯",
        "区委书记",
        "书记王一",
        "上接第",
        "（下转",
        "不",
        "没有",
        "吗？",
        "多少",
        "谁是",
    ),
    *(
        "https://a.",
        "www.",
        "&amp;",
        "</think>",
        "![",
        "ignore previous ",
        "忽略以上",
        "公司",
        "委员会",
        "小区",
        "会议",
        "是",
        "和",
        "了",
    ),
)
"""Units that are tried on everything: what texts of newspapers, questions and LLMs consist of, repeated without end."""
TAIL = "\n\x00"
"""What stands after the run, so that what would go on to the end fails there."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds of CPU; re looks for signals while it matches."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


Growth = tuple[float, float, float]
"""CPU seconds at n, 2n and 4n characters; infinite past the limit."""
IS_LONG = os.environ.get("WENJU_TEST_HOSTILE") == "long"
LIMIT_S = 0.25
"""What takes longer is stopped: for the 2,000 characters that a question may have, no step may take a quarter of a second."""


def measured(call: Callable[[T], object], given: T, limit_s: float = LIMIT_S) -> float:
    """Return the CPU seconds of a call; infinity past the limit. What the call raises is not caught.

    Nothing that was read in the text before is known any more.
    """
    TEXTS.clear()
    start = time.thread_time()
    try:
        with cpu_limit(limit_s):
            call(given)
    except TimeoutError:
        return float("inf")
    return time.thread_time() - start


ROUNDS = 10
"""Times that is measured what seems to grow too fast: beside other work four were not always enough."""


def superlinear(
    call: Callable[[str], object], make: Callable[[int], str], size: int, floor_s: float, limit_s: float = LIMIT_S
) -> Growth | None:
    """Return the seconds at n, 2n and 4n where they grow faster than n; None where they do not, or are too few to tell.

    The least of several measurements counts, since other work on the machine only adds. At four times the length up to
    7 times the time is let pass: n is 4, n² is 16. What is slow already is measured at a quarter of the lengths, so that
    what is slow and linear passes.

    Args:
        make: a text of so many characters.
        size: n.
        floor_s: at n, below this nothing is measured further.
        limit_s: of one call.
    """
    if measured(call, make(size // 4), limit_s) > 5 * floor_s:
        size //= 4
    elif measured(call, make(size), limit_s) < floor_s:
        return None
    seen = [float("inf")] * 3
    for _ in range(ROUNDS):
        for place, times in enumerate((1, 2, 4)):
            seen[place] = min(seen[place], measured(call, make(size * times), limit_s))
        if seen[2] <= 7 * seen[0] < float("inf"):
            return None
        if seen[2] > 50 * seen[0]:
            break
    return seen[0], seen[1], seen[2]


def repeated(unit: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """Return what makes a text of n characters: a head, a unit again and again, a tail."""
    return lambda size: head + (unit * (size // len(unit) + 1))[:size] + tail


def linear(found: dict[str, Growth], of: int, kind: str, tried: Tried) -> None:
    """Fail with what grows faster than the text."""
    told = [f"{name}: {' '.join(f'{second * 1000:.0f}' for second in seconds)} ms" for name, seconds in found.items()]
    assert not told, "\n".join(told)
    tried(kind, of, of)


def modules_of(*packages: str) -> list[ModuleType]:
    """Return all modules of packages, imported."""
    names = [
        found.name
        for package in packages
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    ]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]
