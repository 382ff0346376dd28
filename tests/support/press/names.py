"""Invented names, tables, verse and Latin phrases."""

from random import Random

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎"
_GIVEN = "子涵一凡思远嘉禾雨桐志强晓明建国丽华文博海燕立新秀英俊杰若曦景行昭宁清越望舒砚秋知微予安柏舟书瑶"
_VERSE = "春风秋月山河灯火云水松竹江湖故园归雁长桥新雨晴川白鹭青石旧巷炊烟星野远帆明霞古渡寒梅细柳芳草"
_LATIN = (
    "（Smart Water Operation Center）", "（Digital Twin）", "（GB/T 37041-2018）", "“Open Day”", "（Carbon Footprint）",
    "（AI+Health）", "（Research and Development）", "Wi-Fi 7", "（CBTC）", "（ESG）", "（Livehouse）", "（Community Kitchen）",
)  # fmt: skip
_HEADERS = (
    ("序号", "项目名称", "责任单位", "完成时限"), ("街道", "户数", "完成率"), ("名次", "单位", "得分"),
    ("时间", "地点", "活动内容"), ("指标", "数值", "同比"),
)  # fmt: skip
_UNITS = ("城管委", "水务局", "青石街道", "松桥街道", "白鹭镇", "住建委", "教委", "民政局", "园林局", "云汀河管理所")


def person(rng: Random) -> str:
    """Name a person."""
    return rng.choice(_FAMILY) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2, 2))))


def reporter(rng: Random) -> str:
    """Name one or two who wrote something."""
    return " ".join(person(rng) for _ in range(rng.choice((1, 1, 1, 2))))


def latin_phrase(rng: Random) -> str:
    """Return a phrase in Latin letters."""
    return rng.choice(_LATIN)


def table_rows(rng: Random) -> str:
    """Return a table: a row a line, tabs between the cells."""
    header = rng.choice(_HEADERS)
    rows = ["\t".join(header)]
    for number in range(1, rng.randint(4, 8)):
        cells = [_cell(name, number, rng) for name in header]
        rows.append("\t".join(cells))
    return "\n".join(rows)


def _cell(name: str, number: int, rng: Random) -> str:
    if name in {"序号", "名次"}:
        return str(number)
    if name in {"完成率", "同比"}:
        return f"{rng.uniform(1, 99):.1f}%"
    if name in {"户数", "得分", "数值"}:
        return str(rng.randint(12, 9800))
    if name in {"完成时限", "时间"}:
        return f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    return rng.choice(_UNITS) + (
        rng.choice(("改造", "提升工程", "宣讲", "值守")) if name in {"项目名称", "活动内容"} else ""
    )


def name_rows(rng: Random) -> str:
    """Return a list of names, three to five a line."""
    across = rng.choice((3, 4, 5))
    rows = ["　".join(person(rng) for _ in range(across)) for _ in range(rng.randint(2, 6))]
    return "\n".join(([rng.choice(("名单如下：", "获奖名单", "志愿者名单"))] if rng.random() < 0.6 else []) + rows)


def verse_lines(rng: Random) -> str:
    """Return four to eight short lines."""
    length = rng.choice((5, 7))
    return "\n".join("".join(rng.sample(_VERSE, length)) + rng.choice("，。；") for _ in range(rng.choice((4, 4, 8))))
