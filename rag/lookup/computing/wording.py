"""What is said of figures and of what is reckoned of them."""

import re
from collections.abc import Sequence

from rag.generation.composition import Line
from rag.generation.markers import tidy
from rag.lookup.computing.arithmetic import Reckoned
from rag.lookup.computing.figures import Told, per_of
from rag.question.calculation.records import Calculation
from rag.records import Language
from rag.verification.citations import Quote

_FALLS = frozenset(
    ("减少", "下降", "降低", "下滑", "缩短", "减", "降", "少", "低", "小", "短", "轻", "便宜", "慢", "近", "浅", "窄")
)
_OPPOSITE = {
    "增加": "减少", "增长": "减少", "上升": "下降", "提高": "下降", "上涨": "下降", "提升": "下降", "扩大": "减少", "增": "减少", "涨": "降低", "升": "降低",
    "多": "少", "高": "低", "大": "小", "长": "短", "重": "轻", "贵": "便宜", "快": "慢", "远": "近", "深": "浅", "厚": "薄", "宽": "窄", "早": "晚",
}  # fmt: skip
_OPPOSITE |= {
    "减少": "增加",
    "下降": "上升",
    "降低": "提高",
    "下滑": "上升",
    "缩短": "增加",
    "减": "增加",
    "降": "上升",
}
_OPPOSITE |= {value: key for key, value in _OPPOSITE.items() if len(key) == 1 and value not in _OPPOSITE}


def quote_of(told: Told) -> Quote:
    """Return the sentence of a figure as a quote."""
    sentence = told.sentence
    return Quote(sentence.passage, sentence.start, sentence.end, sentence.text)


def show_figure(told: Told) -> str:
    """Return a figure as it is printed."""
    figure = told.figure
    return told.sentence.text[figure.start : figure.end] + per_of(told)


def show_terms(calculation: Calculation, told: Sequence[Told], language: Language) -> str:
    """Return the figures, each with what it is of: 2017年280部，2018年135部."""
    pairs = [(term.label, show_figure(one)) for term, one in zip(calculation.terms, told, strict=True)]
    if language == "en":
        return ", ".join(f"{label}: {figure}" for label, figure in pairs)
    return "，".join(f"{label}{'：' if re.search(r'[0-9A-Za-z]$', label) else ''}{figure}" for label, figure in pairs)


def say_difference(calculation: Calculation, told: Sequence[Told], reckoned: Reckoned, language: Language) -> Line:
    """Return the line that says by how much, in the direction in which it is so."""
    terms = show_terms(calculation, told, language)
    about = "约" if reckoned.is_rounded else ""
    if language == "en":
        said = (
            "No difference"
            if reckoned.sign == 0
            else f"{'About ' if about else ''}{reckoned.value} {_english(calculation.word, reckoned.sign)}"
        )
    elif reckoned.sign == 0:
        said = "两者相同"
    else:
        said = f"{_word(calculation, reckoned.sign)}{about}{reckoned.value}"
    mark, stop = (": ", ".") if language == "en" else ("：", "。")
    return Line(f"{said}{mark}{terms}{stop}", _quotes(told), reckoned.expression if reckoned.sign else None)


def _word(calculation: Calculation, sign: int) -> str:
    """How the difference is called; of times, `sign` is of the later one against the earlier."""
    word = calculation.word
    if not word:
        return "相差"
    is_fall = word in _FALLS
    return word if is_fall == (sign < 0) else _OPPOSITE.get(word, "相差")


def _english(word: str, sign: int) -> str:
    is_fall = word in ("fewer", "less", "lower", "smaller", "shorter")
    if not word or word in ("difference", "gap"):
        return "apart"
    return word if is_fall == (sign < 0) else ("more" if is_fall else "less")


def say_sum(calculation: Calculation, told: Sequence[Told], reckoned: Reckoned, language: Language) -> Line:
    """Return the line that says what all are together."""
    about = reckoned.is_rounded
    terms = show_terms(calculation, told, language)
    if language == "en":
        return Line(
            f"{'About ' if about else ''}{reckoned.value} in total: {terms}.", _quotes(told), reckoned.expression
        )
    return Line(f"合计{'约' if about else ''}{reckoned.value}：{terms}。", _quotes(told), reckoned.expression)


def say_share(calculation: Calculation, told: Sequence[Told], reckoned: Reckoned, language: Language) -> Line:
    """Return the line that says which share."""
    about = reckoned.is_rounded
    terms = show_terms(calculation, told, language)
    return Line(f"占{'约' if about else ''}{reckoned.value}：{terms}。", _quotes(told), reckoned.expression)


def say_which(calculation: Calculation, told: Sequence[Told], reckoned: Reckoned, language: Language) -> Line:
    """Return the line that says which is more."""
    if reckoned.sign == 0:
        return say_difference(calculation, told, reckoned, language)
    is_fall = calculation.word in _FALLS
    chosen = calculation.terms[0 if (reckoned.sign > 0) != is_fall else 1]
    terms = show_terms(calculation, told, language)
    said = f"{chosen.label}更{calculation.word}，相差{'约' if reckoned.is_rounded else ''}{reckoned.value}"
    return Line(f"{said}：{terms}。", _quotes(told), reckoned.expression)


def say_beside(calculation: Calculation, told: Sequence[Told]) -> tuple[Line, ...]:
    """Return a line for each figure, with the sentence that tells it."""
    return tuple(
        Line(f"{term.label}：{tidy(one.sentence.text)}", (quote_of(one),))
        for term, one in zip(calculation.terms, told, strict=True)
    )


def not_comparable(language: Language) -> str:
    """Return why two figures are not subtracted."""
    if language == "en":
        return "These figures are not of the same kind of period or definition, so no difference is computed."
    return "两个数字的时段或口径不同，不作加减。"


def _quotes(told: Sequence[Told]) -> tuple[Quote, ...]:
    distinct = {(quote.passage.article_id, quote.start): quote for quote in map(quote_of, told)}
    return tuple(distinct.values())
