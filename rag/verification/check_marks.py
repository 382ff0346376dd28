"""Words by which a statement says how far, how surely and why: what it adds to its sentences or leaves out of them.

Planned is not done, may is not must, a part is not all, in the district is not in the city. Each kind of word is looked for in
the statement, in the clauses that say the same, and in all of the sentences chosen.
"""

import re

from index.language.vocabulary import divisions, pattern_of

MARKS: dict[str, re.Pattern[str]] = {
    "plan": re.compile(r"将(?!近|军|士|领)|拟|计划|预计|即将|力争|准备|有望|打算|规划|目标|争取|年内|希望|要(?!求|点|素|件)|\b(?:will|plans?|planned|expected|is to|aims?)\b"),
    "done": re.compile(r"已(?!知)|了(?!解)|完成|建成|竣工|投入(?:使用|运营)|投用|启用|开通|实现|曾|\b(?:has|have|had) (?:been )?\w+ed\b"),
    "must": re.compile(r"必须|须|应当|应该|务必|不得|严禁|强制|只能|\bmust\b|\brequired\b"),
    "may": re.compile(r"可以|可(?!能|靠|持|行|见|视|回)|能够|自愿|鼓励|提倡|视情|允许|\b(?:may|can|encouraged?)\b"),
    "all": re.compile(r"全部|所有|全都|均|一律|一致|全体|无一|\b(?:all|every|entire)\b"),
    "some": re.compile(r"部分|其中|有的|一些|多数|大部分|半数|个别|之一|\b(?:some|part of|most|one of)\b"),
    "superlative": re.compile(r"最[\u4e00-\u9fff]{1,2}|首[个家次届例座条]|第一|唯一|之首|首位|率先|前列|居首|末位|倒数|垫底|\b(?:most|least|first|highest|lowest|largest|smallest|top|only)\b"),
    "comparison": re.compile(r"翻[了一两]?番|多于|少于|高于|低于|超过|不足|倍|相当于|持平|突破|不到|至少|\b(?:twice|double[ds]?|more than|less than|exceed\w*)\b"),
    "cause": re.compile(r"因为|由于|因(?!此)|所致|导致|造成|使得|为了|得益于|原因|从而|旨在|引起|引发|\b(?:because|due to|owing to|caused|thanks to)\b"),
    "denial": re.compile(r"[未没无不非](?!断|仅|少|同|但|久|止|论|管|锈)|否认|禁止|停止|取消|\b(?:not|no|never|without)\b|n['’]t\b"),
    "scope": re.compile(rf"全(?:国|{pattern_of(divisions('territory'))}|村)|全球|世界|国家级|市级|区级|各区|\b(?:city|district|nation)-?wide\b"),
    "only": re.compile(r"只有|只(?!要)|仅(?!仅)|唯一|单独|一家|\bonly\b"),
}  # fmt: skip
"""Kind of mark → its words, in both languages."""


def compare_marks(statement: str, near: str, sentences: str) -> dict[str, float]:
    """Return what a statement adds and leaves out, each as 0 or 1, for every kind of mark.

    Args:
        near: the clauses that say what the statement's clauses say.
        sentences: all sentences chosen.
    Returns:
        "added_KIND": the statement has such a word and no sentence has; "far_KIND": no near clause has; "lost_KIND": a near
        clause has one and the statement none; "other_superlative", "other_comparison", "other_scope": the very word is in none.
    """
    found: dict[str, float] = {}
    for kind, words in MARKS.items():
        mine = words.search(statement) is not None
        beside = words.search(near) is not None
        found[f"added_{kind}"] = float(mine and words.search(sentences) is None)
        found[f"far_{kind}"] = float(mine and not beside)
        found[f"lost_{kind}"] = float(beside and not mine)
    for kind in ("superlative", "comparison", "scope"):
        found[f"other_{kind}"] = float(any(match.group() not in sentences for match in MARKS[kind].finditer(statement)))
    return found
