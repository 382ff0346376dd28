"""Chinese date phrases that are no date of the calendar: 昨天, 上周五, 近三年, 十四五期间, 党的二十大以来, 20世纪80年代."""

import re
from collections.abc import Callable
from datetime import timedelta

from index.dates.context import Context, Found
from index.dates.named_periods import (
    ERAS,
    ONE_DAY,
    Days,
    Reference,
    day_of,
    days_of_month,
    days_of_plan,
    days_of_year,
    number_of,
    shift_months,
    start_of_era,
)

_DAY_WORDS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今晨": 0, "明天": 1, "明日": 1, "明晚": 1, "后天": 2, "後天": 2}  # fmt: skip
_DAY_WORD = re.compile("|".join(_DAY_WORDS))
_WEEK = re.compile(
    r"""
    (?P<which>上上|上|本|这|這|下)?(?P<one>一)?个?
    (?P<week>周|星期|礼拜|週|禮拜)
    (?P<day>[一二三四五六日天末](?![、至到\-~～—和]\s?(?:周|星期|礼拜)?[一二三四五六日天]))?  # 周一至周五 is no day
    (?![年岁歲边邊围圍期转轉到密全知])                                                  # 周年, 周边 …
    """,
    re.VERBOSE,
)
_WEEKDAYS = "一二三四五六日"
_COUNT = r"(?P<n>\d{1,3}|[一二两兩三四五六七八九]?十[一二三四五六七八九]?|[一二两兩三四五六七八九])"
_UNIT = r"\s?(?P<unit>年|个月|個月|个?星期|个?周|週|天|日)"
_LATELY = re.compile(
    rf"(?:最近|近|过去的?|過去的?)\s?{_COUNT}\s?(?:多|余)?{_UNIT}(?![级代前])(?:多|余)?(?:以?来|以?來|间|间里|里)?"
)
_FOR = re.compile(rf"{_COUNT}\s?(?:多|余)?{_UNIT}(?<!日)(?:多|余)?(?:以来|以來|来|來)(?![自源临到看说])")
_AGO = re.compile(rf"{_COUNT}\s?(?P<unit>年|个月|個月|个?星期|周|天)(?:之|以)?前(?![期夕往进列三两])")
_AHEAD = re.compile(rf"(?:未来|未來|今后|今後)\s?{_COUNT}\s?{_UNIT}(?:内|里|间)?")
_PLAN = re.compile(
    r"""
    (?P<open>[“"「『]?)
    (?P<n>十[一二三四五六七八]五|十五|[三四五六七八九一二]五)
    (?P<close>[”"」』]?)
    (?P<tail>
        (?:规划|規劃|计划|計劃)?
            (?:开局之年|收官之年|时期|時期|期间|期間|以来|以來|开局|收官|末期?|初期?|中期)
        | 规划|規劃|计划|計劃|发展|目标|头三年
    )?
    """,
    re.VERBOSE,
)
_ERA = re.compile(rf"(?:党的)?(?P<name>{'|'.join(ERAS)})(?:胜利|闭幕|召开|以后)*(?P<since>以来|以來)")
_CONGRESS = re.compile(r"党的(?P<name>十[六七八九]大|二十大)(?:召开|开幕)(?!以|后)")
_DECADE = re.compile(
    r"""
    (?P<century>20世纪|二十世纪|上世纪|上个世纪|本世纪|19世纪|十九世纪)?
    (?P<n>(?:1[89]|20)?[0-9]0|[一二三四五六七八九]十)年代
    (?P<part>初|末|中期|后期)?
    """,
    re.VERBOSE,
)


def find_day_word(context: Context, start: int) -> Found | None:
    """Return the day that 今天, 昨天, 明晚 … at `start` means; None where there is no such word, or no reference day."""
    match = _DAY_WORD.match(context.text, start)
    reference = context.reference
    if match is None or reference is None or not reference.knows_day:
        return None
    before, after = context.text[start - 1 : start], context.text[match.end() : match.end() + 1]
    if match.group()[0] in "前后後明" and before in tuple("目之以提此先说证当最空从文光"):
        return None
    if after in ("性", "报", "之", "皇") or (
        match.group() in ("后天", "後天") and after in tuple("条條获獲环環努养養")
    ):
        return None
    day = reference.first + timedelta(days=_DAY_WORDS[match.group()])
    return Found(start, match.end(), day, day, relative=True)


def find_week(context: Context, start: int) -> Found | None:
    """Return the days of 本周, 上周五, 周三; weeks begin on Monday, and a lone 周三 is the one of the reference's week."""
    match = _WEEK.match(context.text, start)
    reference = context.reference
    if match is None or reference is None or not reference.knows_day:
        return None
    which, weekday = match["which"], match["day"]
    before, after = context.text[start - 1 : start], context.text[match.end() : match.end() + 1]
    previous = context.previous
    if previous and previous.day and start - previous.end <= 2:  # the weekday of a date: 7月27日（星期四）
        return None
    if which is None and (match["one"] or not weekday or weekday == "末" or _recurs(before, after)):
        return None
    if which in ("上", "下") and before in tuple("以线网身路晚早之会地街海路"):
        return None
    monday = reference.first - timedelta(days=reference.first.weekday())
    monday += timedelta(days=7 * ({"上上": -2, "上": -1, "下": 1}.get(which or "", 0)))
    if weekday is None:
        return Found(start, match.end(), monday, monday + 6 * ONE_DAY, relative=True)
    first, last = (5, 6) if weekday == "末" else (_WEEKDAYS.index(weekday.replace("天", "日")),) * 2
    return Found(start, match.end(), monday + first * ONE_DAY, monday + last * ONE_DAY, relative=True)


def _recurs(before: str, after: str) -> bool:
    """Whether a weekday is every week's (每周三, 周一至周五), or 周 belongs to another word (四周一片)."""
    return before in tuple("每逢一二三四五六七八九十两几个隔双单四第整至到、-—~～的") or after in tuple("至到、-—~～")


def find_duration(context: Context, start: int) -> Found | None:
    """Return the days of 近三年, 三年来: from as long before the reference up to it; 三年前: that year; 未来三年: from the reference on."""
    reference = context.reference
    if reference is None:
        return None
    before = context.text[start - 1 : start]
    for pattern, read in _DURATIONS:
        match = pattern.match(context.text, start)
        if match is None:
            continue
        if match.start("n") == start and (before in tuple("第近每前后约.．·-—~～至到/月余多数几百千来") or before.isdecimal() or before in tuple("一二三四五六七八九十")):  # fmt: skip
            return None
        if before in tuple("附将远接贴就晋") and match.group()[0] == "近":
            return None
        days = read(reference, number_of(match["n"]), match["unit"].strip("个個")[0])
        return Found(start, match.end(), *days, relative=True) if days else None
    return None


def _shift(reference: Reference, count: int, unit: str) -> Days | None:
    """The reference moved by a count of years, months, weeks or days; None where it is not known well enough."""
    months = {"年": 12, "月": 1}.get(unit)
    if months is not None:
        return (
            (shift_months(reference.first, months * count), shift_months(reference.last, months * count))
            if unit == "年" or reference.knows_month
            else None
        )
    step = timedelta(days=count * (1 if unit in "天日" else 7))
    return (reference.first + step, reference.last + step) if reference.knows_day else None


def _lately(reference: Reference, count: int, unit: str) -> Days | None:
    shifted = _shift(reference, -count, unit)
    return (shifted[0], reference.last) if shifted else None


def _ahead(reference: Reference, count: int, unit: str) -> Days | None:
    shifted = _shift(reference, count, unit)
    return (reference.first, shifted[1]) if shifted else None


def _ago(reference: Reference, count: int, unit: str) -> Days | None:
    shifted = _shift(reference, -count, unit)
    if shifted is None:
        return None
    if unit == "年":
        return days_of_year(shifted[0].year)
    return days_of_month(shifted[0].year, shifted[0].month) if unit == "月" else shifted


_DURATIONS: tuple[tuple[re.Pattern[str], Callable[[Reference, int, str], Days | None]], ...] = (
    (_LATELY, _lately),
    (_AHEAD, _ahead),
    (_AGO, _ago),
    (_FOR, _lately),
)


def find_plan(context: Context, start: int) -> Found | None:
    """Return the years of “十四五”, 十四五期间, 十三五末 …; bare numerals need such a word after them: 十四五个人 is none."""
    match = _PLAN.match(context.text, start)
    if match is None:
        return None
    number = 10 if match["n"] == "十五" else number_of(match["n"][:-1])
    quoted, tail = bool(match["open"] and match["close"]), match["tail"] or ""
    if bool(match["open"]) != bool(match["close"]) and not (match["close"] and tail):
        return None
    if number < 11 and not (quoted and tail):
        return None
    before = context.text[start - 1 : start]
    if not quoted and (not tail or before in tuple("一二三四五六七八九十百千第")):
        return None
    if context.text[match.end() : match.end() + 2] == "普法":  # a plan of five years of its own
        return None
    first, last = days_of_plan(number)
    end = match.end() if tail not in ("发展", "目标", "头三年") else match.start("tail")
    if tail.endswith(("以来", "以來")):
        if context.reference is None or context.reference.last < first:
            return Found(start, match.start("tail"), first, last, relative=False)
        return Found(start, end, first, context.reference.last, relative=True)
    if "末" in tail or "收官" in tail:
        first = day_of(last.year, 1, 1)
    elif "初" in tail or "开局" in tail:
        last = day_of(first.year, 12, 31)
    return Found(start, end, first, last, relative=False)


def find_era(context: Context, start: int) -> Found | None:
    """Return the days of 党的二十大以来, 改革开放以来: from the opening or founding day to the reference; 党的二十大召开: the opening day."""
    congress = _CONGRESS.match(context.text, start)
    if congress:
        day = start_of_era(congress["name"])
        return Found(start, congress.end(), day, day, relative=False)
    match = _ERA.match(context.text, start)
    if match is None or context.reference is None:
        return None
    first = start_of_era(match["name"])
    last = context.reference.last
    return Found(start, match.end(), first, last, relative=True) if first <= last else None


def find_decade(context: Context, start: int) -> Found | None:
    """Return the years of 20世纪80年代, 上世纪九十年代, 1980年代, 80年代 (of the twentieth century)."""
    match = _DECADE.match(context.text, start)
    if match is None or context.text[start - 1 : start].isdecimal():
        return None
    century, decade = match["century"] or "", number_of(match["n"])
    relative = century.startswith(("上", "本"))
    if decade < 100:
        if relative and context.reference is None:
            return None
        if relative and context.reference:
            decade += (context.reference.year // 100 - century.startswith("上")) * 100
        elif century:
            decade += 1800 if century.startswith(("19", "十九")) else 1900
        elif decade >= 20:
            decade += 1900
        else:
            return None
    first, last = {"初": (0, 3), "中期": (3, 6), "末": (7, 9), "后期": (6, 9)}.get(match["part"] or "", (0, 9))
    return Found(start, match.end(), day_of(decade + first, 1, 1), day_of(decade + last, 12, 31), relative)
