"""Finds date expressions in running text and says which days they mean."""

import re
import string
from collections.abc import Callable

from index.dates.calendar_dates import find_point
from index.dates.context import Context, Found
from index.dates.english import find_english
from index.dates.named_periods import reference_of
from index.dates.relative_dates import find_day_word, find_decade, find_duration, find_era, find_plan, find_week
from index.language.memo import memoise_text
from index.records import DateSpan, PartialDate

Finder = Callable[[Context, int], Found | None]

# Where an expression can begin: characters, and what must stand next. One scan of the text finds these; everything
# else is tried only there.
_STARTS = {
    "0-9０-９": r"(?<![0-9０-９.．][0-9０-９])[0-9０-９]{0,3}(?:\s{0,2}(?:[年月日号號天个個周世余多学]|[-—–~～－至到、]\s?[0-9０-９]|——)|[-/.][0-9]|0年代)",
    "0-9": r"(?<![0-9.][0-9])[0-9]{0,3}(?:[ ,–]|th|st|nd|rd|s\b)|(?<=[A-Za-z][ -][0-9])[0-9]{3}",
    "一二三四五六七八九十正两兩": r"(?:(?:至|[-－—–~～]{1,2})第?[一二三四五六七八九十]{1,2}\s?(?:月|季度)|[〇○O零0一二三四五六七八九]{3}\s?[年至到]|[一二三四五六七八九十]{0,2}\s?(?:[年月天周]|个|季度|五[”\"」』规規计計时時期以末初开收发目头]|世纪|大(?:胜|以|闭|召)))",
    "“\"「『": r"[一二三四五六七八九十]{1,2}五[”\"」』]",
    "今本去明前后後上下大同次翌当當昨这這首第未最近过過": r"[年天日晚早晨夜季周月半上下个個星一二三四五六七八九十两旬前来來去后後近0-9礼世週]",
    "周星礼週": r"[一二三四五六日天期拜]",
    "中年月岁": r"[旬初底末]",
    "截春元清端中除重妇植劳青儿建教国圣七五六八三十党改新": r"[至止节旦宵明午秋夕阳女树动年童党军师庆诞一四大革国的中]",
    "Jj": r"(?i:an|u[nl])",
    "Ff": r"(?i:eb|irst |ourth |(?:our|ive) \w{3,6} ago)",
    "Mm": r"(?i:ar|ay|id)",
    "Aa": r"(?i:pr|ug|utumn |n? (?:year|month|week|day) ago)",
    "Ss": r"(?i:ep|econd |pring |ummer |(?:ix|even) \w{3,6} ago)",
    "Oo": r"(?i:ct|ver the )",
    "Nn": r"(?i:ov|ext |ine \w{3,6} ago)",
    "Dd": r"(?i:ec|uring the )",
    "Qq": r"[1-4]",
    "Hh": r"[12] ",
    "Tt": r"(?i:he |h(?:ird|is) |o(?:day|morrow)|(?:wo|hree|en) \w{3,6} ago)",
    "Ll": r"(?i:as?te?[ -])",
    "Ww": r"(?i:inter )",
    "Ee": r"(?i:arly|nd of|ight \w{3,6} ago)",
    "Bb": r"(?i:eginning of)",
    "Yy": r"(?i:esterday)",
    "Ii": r"(?i:n the )",
}  # fmt: skip
# The set of all of them comes first, since the regex engine skips to its characters at once.
_TRIGGER = re.compile(
    f"[{''.join(_STARTS)}](?:"
    + "|".join(
        f"(?<=[{firsts}])" + ("(?<![A-Za-z0-9].)" if firsts.isalpha() and firsts.isascii() else "") + f"(?:{rest})"
        for firsts, rest in _STARTS.items()
    )
    + ")"
)
# Which readers to ask at a character, in their order; find_point at all others.
_READERS: dict[str, tuple[Finder, ...]] = {
    **dict.fromkeys("0123456789０１２３４５６７８９", (find_decade, find_duration, find_point, find_english)),
    **dict.fromkeys("一二三四五六七八九十两兩", (find_plan, find_decade, find_duration, find_era, find_point)),
    **dict.fromkeys('“"「『', (find_plan,)),
    **dict.fromkeys("最近过過未", (find_duration,)),
    **dict.fromkeys("今前明后後大", (find_point, find_day_word, find_duration)),
    **dict.fromkeys("昨", (find_day_word,)),
    **dict.fromkeys("上下本这這", (find_decade, find_point, find_week)),
    **dict.fromkeys("周星礼週", (find_week,)),
    **dict.fromkeys("党改新建", (find_era, find_point)),
    **dict.fromkeys(string.ascii_letters, (find_english,)),
}


@memoise_text
def find_dates(text: str, reference: PartialDate | None) -> tuple[DateSpan, ...]:
    """Return the date expressions of a text and the days they mean, in order and without overlaps.

    An expression that cannot be resolved is left out: 3月27日 needs the reference's year, 昨天 its day, 近日 tells nothing.

    Args:
        text: an article, or a question.
        reference: the issue's date, or the day a question is asked; None where unknown.
    """
    context = Context(text, reference_of(reference) if reference else None)
    return tuple(
        DateSpan(found.start, found.end, found.first.isoformat(), found.last.isoformat(), found.relative)
        for found in scan(context)
    )


def scan(context: Context) -> list[Found]:
    """Return what find_dates returns, as days, with the years and months that the expressions state."""
    text = context.text
    spans: list[Found] = []
    match = _TRIGGER.search(text)
    while match:
        found = _find_at(context, match.start())
        if found:
            spans.append(found)
            context = context.after(found)
        match = _TRIGGER.search(text, found.end if found else match.start() + 1)
    return spans


def _find_at(context: Context, start: int) -> Found | None:
    for find in _READERS.get(context.text[start], (find_point,)):
        try:
            found = find(context, start)
        except (ValueError, OverflowError):  # 30 February, a year past the calendar's end
            continue
        if found:
            return found
    return None
