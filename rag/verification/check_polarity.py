"""What a statement turns round: rises into falls, what is denied, opposites."""

import re
from collections.abc import Iterator

from rag.question.language import detect_language
from rag.verification.claims import Claims
from rag.verification.comparison import Comparison

_OPPOSITES = tuple(
    (re.compile(first), re.compile(second))
    for first, second in (
        (r"新(?=桥|馆|校区|站|中心|址|楼|厂|城)", r"[旧老](?=桥|馆|校区|站|中心|址|楼|厂|城)"), (r"提前", r"推迟|延后|顺延|延期|滞后"), (r"上升|增加|增长|提高|回升", r"下降|减少|降低|下滑"), (r"批准|通过|同意", r"否决|驳回|未通过|不同意"),
        (r"开放|启用|恢复", r"关闭|停用|停止|暂停"), (r"正式|开始|启动", r"停止|结束|终止"),
        (r"支持|赞成", r"反对"), (r"开工|动工|启动", r"竣工|完工|建成"), (r"全部", r"部分"),
        (r"允许|可以", r"禁止|不得|严禁"), (r"高于|优于|多于", r"低于|劣于|少于"), (r"扩大|扩建", r"缩小|缩减"), (r"免费", r"收费"),
        (r"增派|增设|增开", r"撤销|取消|减少"), (r"东[门侧岸部端]", r"西[门侧岸部端]"), (r"南[门侧岸部端]", r"北[门侧岸部端]"),
        (r"上午|早晨|早上", r"下午|晚上|晚间|傍晚"), (r"上半年", r"下半年"), (r"最高", r"最低"), (r"最大|最长|最多", r"最小|最短|最少"),
        (r"第一名|首位|排名第一", r"末位|倒数"), (r"\bopened\b", r"\bclosed\b"), (r"\bmore\b", r"\bfewer\b|\bless\b"), (r"\bahead of\b", r"\bbehind\b"),
        (r"\bnorth\w*", r"\bsouth\w*"), (r"\beast\w*", r"\bwest\w*"), (r"\brose\b|\bincreas\w+|\bgrew\b", r"\bfell\b|\bdeclin\w+|\bdropped\b|\bdecreas\w+"),
    )
)  # fmt: skip
_DENIED_EN = re.compile(r"\b(?:not|never|no longer|nobody|none|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never)\s+(?:yet\s+|been\s+)?(?P<what>[a-z]{3,})", re.IGNORECASE)
_DENYING = re.compile(r"[未没无不禁停免拒缺取非低少]")


def find_polarity_reversals(pair: Comparison) -> Iterator[str]:
    """Yield what the stretch tells the other way round."""
    claim, text = pair.claim, pair.quote_context.text
    said = Claims(text, None, claim.lexicon)
    if claim.turns and said.turns and not claim.turns & said.turns:
        yield "turned"
    yield from (f"turned:{words}" for words in find_opposites(claim.text, text))
    yield from _denials(claim, said)


def find_opposites(mine: str, theirs: str) -> Iterator[str]:
    """Yield the words of one text of which the other has only the opposite."""
    for pair in _OPPOSITES:
        for one, other in (pair, pair[::-1]):
            word = one.search(mine)
            if word and other.search(theirs) and not one.search(theirs) and not other.search(mine):
                yield word[0]


def _denials(claim: Claims, said: Claims) -> Iterator[str]:
    if detect_language(said.text) == "en":
        mine, theirs = _DENIED_EN.search(claim.text), _DENIED_EN.search(said.text)
        words = frozenset(re.findall(r"\w+", claim.text.casefold()))
        if mine and not theirs:
            yield f"denied:{mine[0]}"
        for match in _NOT.finditer(said.text):
            if not mine and match["what"].casefold() in words:
                yield f"not_denied:{match['what']}"
        return
    for what in sorted(claim.denied - said.denied):
        if what in said.text and not _DENYING.search(said.text):
            yield f"denied:{what}"
    for what in sorted(said.denied - claim.denied):
        if what in claim.text and said.text.count(what) == 1 and not _DENYING.search(claim.text):
            yield f"not_denied:{what}"
