"""A question typed as catchwords, as into a search box → the question that it stands for: 2023年财政收入 → 2023年财政收入是多少."""

import re

from rag.question.analysis import ASKING

MAX_CATCHWORDS = 40
"""Characters; what is longer is a text."""
# What a figure says of a thing: by their ends, 天数, 增长率, 成交额, 产值, 上市量, 均价, and those that end otherwise.
_QUANTITY = re.compile(
    r"(?:[\u4e00-\u9fff](?:数|率|额|值|量|价)|面积|人口|收入|支出|投资|浓度|GDP|利润|税收|里程|[长高宽深密温]度|票房|成本|费用|规模|总长|全长|人次)[\s。.]*$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<![？?。.！!\s])[？?。.！!\s]++$")


def complete_catchwords(text: str) -> str:
    """Return a text as a question where it only names a quantity; any other as it is."""
    bare = _ENDS.sub("", text)
    is_catchwords = len(bare) <= MAX_CATCHWORDS and not ASKING.search(bare) and not re.search(r"[，,；;？?]", bare)
    return f"{bare}是多少？" if is_catchwords and _QUANTITY.search(bare) else text
