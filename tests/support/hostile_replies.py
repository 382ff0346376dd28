"""What an LLM may write that no reader wants: one thing again and again, and statements that are laborious to check."""

import random

UNITS = {
    "brackets": "[",
    "percents": "1%",
    "hyphens": "1-",
    "opened markers": "[1",
    "markers": "[1][1]",
    "dates": "2023年1月1日",
    "Chinese digits": "一二三",
    "quotation marks": "“",
    "parentheses": "（",
    "blanks": " ",
    "wide blanks": "\u3000",
    "newlines": "\n",
    "emoji": "🦊",
    "combining marks": "e\u0301",
    "pauses": "、",
    "semicolons": "；",
    "articles of a law": "第1条",
    "names": "张三、",
    "Latin words": "word ",
    "thoughts": "<think>",
    "half tags": "</thi",
    "fences": "```\n",
    "pipes": "|a",
    "addresses": "https://a.b/",
    "one character": "区",
    "one letter": "a",
    "digits": "1",
    "full stops": "。",
    "points": "1. ",
    "commas of figures": "1,",
    "named markers": "（见片段1",
    "blanks behind a marker's word": "[ID    ",
    "stops and blanks": "。 \n",
    "stops and quotation marks": "。”",
    "titles": "《",
    "links": "[a](",
    "places": "云汀镇",
    "denials": "没有完成，",
    "figures of clauses": "增长1.5%，",
    "speakers": "区长王明说，",
    "a passage's number": "根据片段1，",
    "an English one": "according to passage 1, ",
}
"""What is repeated without end."""
HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"


def laborious(size: int, seed: int = 1) -> str:
    """Statements that are as much work as any: near six hundred characters each, no two alike, of words, names and figures."""
    dice = random.Random(seed)
    said: list[str] = []
    while sum(map(len, said)) < size:
        clauses = ["".join(dice.choices(HAN, k=8)) for _ in range(44)]
        clauses[::5] = [f"云汀区{clause[:3]}增加{dice.randint(2, 999)}家" for clause in clauses[::5]]
        said.append("，".join(clauses)[:590] + "[1]。")
    return "".join(said)[:size]
