"""Statements that the reports do not tell something: what it is that they are said not to tell.

No quote can carry such a statement. It may be shown where a search for exactly that finds nothing, in the service's own words.
"""

import re

_ZH = re.compile(
    r"^(?:但|不过|而|目前|另外|此外|其中)?[，,]?(?:在|从)?(?:以上|上述|所给|给出的?|提供的?|现有|相关|所检索的?|检索到的?|这些|该篇?|本)*(?:的)?(?:报道|片段|资料|材料|文章|内容|段落|原文|报纸)?(?:片段|内容|资料)?(?:中|里|内|显示)?[，,]?"
    r"(?:均|都|也|还|并|尚)?(?:没有|并没有|未|并未|未见|没)(?:明确|具体|直接|进一步)?(?:提到|提及|说明|说|介绍|给出|列出|写明|写|交代|报道|记载|涉及|透露|公布|提供|指明|显示)(?:过|了)?(?P<what>[^。！？]{2,80}?)(?:的?(?:相关)?(?:信息|内容|资料|说明|情况|数据))?[。！]?$"
)
_EN = re.compile(
    r"^(?:however,? |but )?(?:the |these |those )?(?:retrieved |given |available |provided )?(?:passages?|reports?|articles?|archive|materials?|texts?|newspapers?|excerpts?)(?: provided| given| retrieved)?,? (?:do|does|did)(?: not|n['’]t) (?:explicitly |specifically |directly )?"
    r"(?:mention|say|state|tell|give|specify|report|indicate|provide|name|describe|list)s? (?P<what>[^.]{3,160}?)\.?$",
    re.IGNORECASE,
)


_NOTHING_ZH = re.compile(
    r"\A(?:(?:很?抱歉|对不起|不好意思)|(?:在|从|根据|据)?(?>(?:以上|上述|所给|给出|所?提供|现有|相关|所?检索到?|这些|该|本|的|资料库?|报道|片段|材料|文章|内容|文中|档案|数据库|信息|中|里|内)*)(?:均|都|并|尚|也)?"
    r"(?:(?:未|没有?|未能|查无|并无|无|不)(?:被|能|曾)?(?:找到|查到|检索到|搜索到|发现|载明|记载|提及|提到|涉及|包含|收录|相关|有关|此)|(?:无法|不能|不便|不予|拒绝|无可|难以)(?:对此)?(?:找到|查到|回答|答复|作答|奉告|确认|确定|得知|提供|判断))"
    r"(?>(?:任何|相关|有关|此|该|这个?|的|内容|信息|资料|记录|记载|报道|问题|答案|结果|事项|提问|数据)*))"
)
_NOTHING_EN = re.compile(
    r"(?:i am |i'm |we are )?sorry|not[ _]?found|n/?a|none|null|unknown|nothing (?:was |is )?(?:found|known)|no (?:\w+ )?(?:answer|information|data|result|record|match)s?(?: (?:is |was |were |are )?(?:found|available|given|provided))?"
    r"|(?:i |we )?(?:cannot|can't|can not|could not|couldn't|am unable to|are unable to|unable to) (?:answer|find|say|tell|determine|provide)(?>(?: (?:this|that|the|any|an?|it|question|answer|information|relevant))*)"
    r"|(?:this|the|that) (?:question )?(?:cannot|can not|can't|could not) be (?:answered|determined|found)"
    r"|the (?:passages?|reports?|archive|articles?|documents?) (?:do|does) not (?:contain|have|hold|include) (?:the|any|an) (?:answer|information|relevant information)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，,。；;！!？?：:]|\.(?=\s|$)")


def says_nothing_found(text: str) -> bool:
    """Whether a statement says no more than that there is no answer: 未找到, 资料未载明，无法回答, No information available."""
    clauses = [clause.strip(" \t\"“”'‘’*") for clause in _CLAUSE.split(text)]
    told = [clause for clause in clauses if clause]
    return bool(told) and all(_NOTHING_ZH.fullmatch(clause) or _NOTHING_EN.fullmatch(clause) for clause in told)


def find_absence(text: str) -> str | None:
    """Return what a statement says that the reports do not tell; None where it says no such thing."""
    match = _ZH.match(text.strip()) or _EN.match(text.strip())
    return match["what"].strip(' ，,：:“”"') if match else None
