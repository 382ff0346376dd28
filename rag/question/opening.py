"""What a question opens with before it asks: 你好, 请问, 我想知道, 麻烦帮我查一下.

A verb of asking counts with one who wishes before it or 一下 behind it: 查处, 问责, 确认病例 and 了解放军医院 begin with no such words.
"""

from index.language.vocabulary import MEASURE_WORDS, pattern_of

_A_MOMENT = rf"(?:一下|下(?!{pattern_of(MEASURE_WORDS, '[一旬半午岗水雨雪沉降跌调滑发达设架属辖游线乡城沙载]')}))"
"""一下 or 下, which begins 下岗, 下半年 and 下水道 as well."""
_ASKER = r"(?:我们?|本人|领导|单位)(?:就是)?"
_ASKS = r"(?:请?问|咨询|打听|了解|知道|查询|查找|查查|查|核实|核对|确认|告诉我?)"
_WISHES = rf"(?:(?:{_ASKER})?(?:[让要叫]我|(?:很|特别|主要|就)?想要?)|{_ASKER}(?:需要|要|希望|打算)|请|麻烦|劳烦|烦请|[你您]?(?:能不能|可不可以|能否)(?=[帮给替告])|帮忙|[帮给]我们?|替我)"
OPENING = rf"(?:[你您]好|劳驾|想?请教(?![育师练研]){_A_MOMENT}?|(?:{_WISHES}[你您]?){{1,4}}{_ASKS}{_A_MOMENT}?|(?:再|顺便)?{_ASKS}{_A_MOMENT}|请?告诉我|麻烦[你您]?)"
"""Pattern of one of them, in simplified characters."""
