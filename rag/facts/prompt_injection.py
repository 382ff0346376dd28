"""Commands to whoever answers: sentences that tell a language model what to say instead of telling what happened.

A newspaper tells what happened; a sentence that tells a language model what to say was planted there, and no
statement may repeat it, nor stand on it.
"""

import re
import unicodedata

from index.language.deceptive_characters import reveal
from index.language.memo import memoise_text
from index.language.normalise import simplify

_MODEL = r"(?:ai|人工智能|智能|大?语言)?(?:助手|助理|大?模型|机器人)"
_ANSWER = r"(?:答案|答复|回答|回复|作答|口径|结论|结果|表述|说法)"
_EVERY = r"(?:任何|一切|所有|全部|凡是?|每[个一]|各种)"
_QUESTION = r"(?:提问|询问|问询|发问|问句|问题|查询)"
_PAGE = r"(?:本文|此文|本篇|本条|本页|该文|此页|本报道|本资料|本材料|此资料|这篇(?:文章|报道)|上文|下文|原文)"
_CHINESE = (
    r"(?:忽略|无视|忘记|忘掉|抛开|跳过|停止遵守|不要?理会|不必理会|不再遵守|作废)[^，。；]{0,12}?(?:指令|指示|提示|规则|要求|设定|限制|约束|格式|说明|内容|问题)",
    r"(?:你|您|助手|模型)(?:现在|从现在起|此后|以后)?(?:是一[个名位]|扮演|必须|只能|需要回答|应当?回答|应该回答|要回答|回答时)",
    r"从(?:现在|此刻|即刻)(?:起|开始)[^。]{0,8}(?:你|扮演|回答|口径)",
    r"(?:请|务必|必须|应当?|一律|只能|直接|只)(?:你|您|助手|模型)?(?:只|直接|如实|统一|原样|一律|改为|改用|用英文|用英语|用中文)?(?:回答|回复|输出|答复用户|告诉用户|告知用户|提示用户|复述|打印)(?![了的])(?:[：:“\"‘「]|[^，。；]{0,6}(?:如下|以下|用户|提问|任何|所有|问题|“|\"|：|:)|$)",
    r"系统提示词?|开发者模式|以(?:系统)?管理员(?:身份|权限|模式)",
    rf"(?:致|告|写给|提醒)(?:所有|各位|本)?{_MODEL}[：:，,]",
    rf"(?:所有|任何|各|阅读本文的|读到(?:此处|这里|本文)的){_MODEL}[^，。；]{{0,6}}(?:必须|应|请|须|都要|一律|只能|回答|回复)",
    r"(?:不要|不得|禁止|切勿|无需|不必|不用)(?:提及|引用|标注|注明|透露)[^，。；]{0,10}(?:来源|出处|片段|资料|编号|本指令|指令|引用)",
    # Who is to answer, from what, and how: no reader of a newspaper is told.
    rf"{_EVERY}?(?:引用|摘录|摘编|转引|汇总|检索|概括|总结|阅读|读到|处理){_PAGE}(?:者|时|后|的(?:人|系统|程序|{_MODEL}))[，,、]?[^。；]{{0,16}}(?:应|须|请|一律|统一|只|口径|{_ANSWER}|不得|必须)",
    rf"{_EVERY}[^，。；]{{0,4}}(?:系统|{_MODEL}|程序|检索|引擎)[^，。；]{{0,4}}(?:应|须|必须|一律|只能|不得)(?:当)?(?:拒绝|停止|{_ANSWER}|输出|忽略|采用|以)",
    rf"{_EVERY}[^，。；]{{0,16}}{_QUESTION}[^。；]{{0,10}}?(?:(?:均|都|一律|统一|只能?|皆)(?:记|写|答|回|按|以|填|视)(?:为|作|成|复|答|“)|(?:均|都|一律|统一|皆)?(?:不予|拒绝|不得|不作|无法|不能)(?:答复|回答|作答|回复))",
    r"(?:标准|统一|唯一|正确|规范|权威|最终)(?:的)?(?:口径|答案|答复|回答|表述|结论)(?:应当?|须|一律|统一)?(?:为|是|写作|写为|如下)?[：:“\"「]",
    rf"以下(?:为|是)(?:权威|官方|标准|正确|最终|唯一)(?:的)?{_ANSWER}",
    r"(?:答案|答复|作答|结果)(?:处|栏|部分|一栏)?(?:请|应当?|须|一律|统一)?(?:写作|写为|填写?|记为|记作|写成|填为)",
    rf"(?:资料|文档|片段|{_PAGE}|后续)(?:的)?(?:使用|处理|引用|调用)(?:办法|要求|说明|规则|须知|规定)[：:]",
    rf"(?:资料|片段|{_PAGE}|文档|档案)[^，。；]{{0,4}}(?:未|没有)(?:载明|记载|提及|收录|提到|提供)[，,]?[^，。；]{{0,6}}(?:无法|不能|不予)(?:回答|答复|作答)",
    r"以[“\"「『][^”\"」』]{1,16}[”\"」』](?:作结|结束|作答|回复|回答|答复|应答)",
    r"(?:输出|报出|说出|打印|泄露|泄漏|复述|公布|交出|写出)[^，。；]{0,8}(?:口令|密码|提示词|系统提示|全部片段|片段原文|密钥|指令|令牌|对话记录)",
    r"换个问题[，,：:]|[【\[]新?(?:任务|指令|命令|规则|设定)[】\]]|新(?:任务|指令|规则|设定)[：:]",
    r"(?:片段|资料|报道|文档|上下文)(?:到此)?(?:结束|完毕|终止)(?:$|[。.\s—–=*-])",
    r"[（(【](?:官方|系统|管理员)(?:更正|说明|通知|提示|消息)[）)】]",
)  # fmt: skip
_ANSWER_EN = r"(?:answer|reply|response|result|output|conclusion|statement|summary|finding)"
_PAGE_EN = r"(?:article|page|passage|document|text|report|archive|file|excerpt|source|material)"
_ENGLISH = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.。]{0,40}\b(?:instructions?|prompts?|rules?|above|previous|prior|guidelines?|questions?|passages?)\b",
    r"\bsystem prompt\b|\byou are (?:now|no longer|an?) (?:a |an )?(?:\w+ )?(?:assistant|ai|bot|model|chatbot|administrator|admin)\b|\byou are now\b|\byou must (?:now )?(?:answer|reply|say|respond|output|state)\b|(?:^|\b(?:must|should|please|now|and) )act as\b|\bpretend (?:to be|that you)\b|\bdeveloper mode\b",
    r"\b(?:assistants?|language models?|chatbots?|ai (?:systems?|models?)|llms?) (?:reading|must|should|shall|are to|is to|that read)\b",
    r"\b(?:reply|respond|answer|output|print|say|tell the user)\b (?:only |just |always |exactly |the user |to (?:all|every|any) \w+ )?(?:with|that|\"|“|:|in the affirmative)",
    r"\bdo not (?:cite|mention|reveal|quote) (?:any |the |this |your )?(?:source|passage|instruction|quote)\w*",
    r"\b(?:note|notice|message|instructions?) (?:to|for) (?:whoever|anyone|any|all|every|the)?\s?(?:\w{1,20} ){0,3}(?:summar|answer|read|process|quot|cit|index|model|assistant|ai\b|bot)",
    r"\b(?:whoever|anyone who|any system that) (?:summari[sz]es?|answers?|quotes?|process(?:es)?|indexes|cites?) (?:this|the|these)\b",
    rf"\bthe only (?:\w+ )?(?:valid|correct|acceptable|permitted|right|allowed|approved) {_ANSWER_EN}",
    rf"\bthe (?:correct |official |standard |approved )?(?:{_ANSWER_EN}) (?:is|must be|should be|shall be|to (?:any|every|all) \w+ is)(?: always| recorded as| given as| stated as)? ?[“\"‘':]",
    rf"\bthis {_PAGE_EN} (?:cannot|can not|must not|may not|should not|is not to) be (?:used|cited|quoted|summari[sz]ed|answered)",
    rf"\b(?:archive|database|corpus|collection|{_PAGE_EN}s?|context) (?:does|do) not (?:contain|hold|have|include) (?:the|any|an) (?:answer|information)",
    r"\b(?:any|all|every|each) (?:question|query|queries|request|enquir(?:y|ies))s? (?:about|on|regarding|concerning|that|of)?[^.]{0,60}\b(?:must|should|shall|is to|are to|will) be (?:answered|refused|declined|replied|recorded|met)\b",
    r"\bfrom (?:now|here|this point) on,? (?:answer|you|reply|the (?:answer|correct)|say|treat)\b",
    r"\b(?:reveal|print|output|repeat|disclose|leak)\b[^.]{0,20}\b(?:password|instructions|api key|credentials|secret|conversation)\b",
    rf"\b(?:end|begin|start) of (?:the )?(?:{_PAGE_EN}|context|passages|documents|data|input|material)s?\b(?=\W*$|[\s\]=*-]*\n)",
    r"\[(?:new )?(?:task|instructions?|system|official correction|correction)\]|\bnew (?:task|instructions?) ?:|[(\[]official correction[)\]]",
)  # fmt: skip
_IN_CHINESE, _IN_ENGLISH = (
    re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) for patterns in (_CHINESE, _ENGLISH)
)
_ENGLISH_WORDS = re.compile(r"[a-z]{2} ?[a-z]{3}")
# Characters that stand for others by their shape, in the words of a command; what they make elsewhere is looked at by nothing.
_SHAPES = str.maketrans("今津荅苔畧囬囘怱匆亓揩", "令律答答略回回忽忽示指")
_COMBINING = re.compile("[\u0300-\u036f\u0488\u0489\u20d0-\u20f0]")
_APART = re.compile(r"(?<=[\u4e00-\u9fff])[ \t·.•_*|/\-]{1,2}(?=[\u4e00-\u9fff])")
"""What is set between the characters of a word to hide it."""
SPACED_OUT = 4
"""Characters set apart from which on a sentence hides its words by it."""


@memoise_text
def is_prompt_injection(text: str) -> bool:
    """Whether a sentence addresses the assistant with a command instead of telling something."""
    plain = _COMBINING.sub("", unicodedata.normalize("NFKC", simplify(reveal(text)))).casefold()
    if len(_APART.findall(plain)) >= SPACED_OUT:
        plain = _APART.sub("", plain)
    if _ENGLISH_WORDS.search(plain) and _IN_ENGLISH.search(plain):
        return True
    alike = plain.translate(_SHAPES)
    return any(_IN_CHINESE.search(text) for text in dict.fromkeys((plain, alike)))
