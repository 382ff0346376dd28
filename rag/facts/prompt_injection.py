"""Text that wants to steer the assistant or the reader's browser: commands of a passage, links, markup.

A newspaper tells what happened; a sentence that tells a language model what to say was planted there, and no
statement may repeat it, nor stand on it.
"""

import re

_MODEL = r"(?:AI|人工智能|智能|大?语言)?(?:助手|助理|大?模型|机器人)"
_COMMANDS = re.compile(
    r"(?:忽略|无视|忘记|忘掉|抛开|跳过|停止遵守|不要?理会|不必理会|不再遵守)[^，。；]{0,12}?(?:指令|指示|提示|规则|要求|设定|限制|约束|格式|说明|内容|问题)"
    r"|(?:你|您|助手|模型)(?:现在|从现在起|此后|以后)?(?:是一[个名位]|扮演|必须|只能|需要回答|应当?回答|应该回答|要回答|回答时)"
    r"|从现在(?:起|开始)[^。]{0,8}(?:你|扮演|回答)"
    r"|(?:请|务必|必须|应当?|一律|只能|直接|只)(?:你|您|助手|模型)?(?:只|直接|如实|统一|原样|一律|改为|改用|用英文|用英语|用中文)?(?:回答|回复|输出|答复用户|告诉用户|告知用户|提示用户|复述|打印)(?![了的])(?:[：:“\"‘「]|[^，。；]{0,6}(?:如下|以下|用户|提问|任何|所有|问题|“|\"|：|:)|$)"
    r"|系统提示词?|开发者模式|以(?:系统)?管理员(?:身份|权限|模式)"
    rf"|(?:致|告|写给|提醒)(?:所有|各位|本)?{_MODEL}[：:，,]"
    rf"|(?:所有|任何|各|阅读本文的|读到(?:此处|这里|本文)的){_MODEL}[^，。；]{{0,6}}(?:必须|应|请|须|都要|一律|只能|回答|回复)"
    r"|(?:不要|不得|禁止|切勿|无需|不必|不用)(?:提及|引用|标注|注明|透露)[^，。；]{0,10}(?:来源|出处|片段|资料|编号|本指令|指令|引用)"
    r"|\b(?:ignore|disregard|forget|override|bypass)\b[^.。]{0,40}\b(?:instructions?|prompts?|rules?|above|previous|prior|guidelines?|questions?|passages?)\b"
    r"|\bsystem prompt\b|\byou are (?:now|no longer|an?) (?:a |an )?(?:\w+ )?(?:assistant|ai|bot|model|chatbot|administrator|admin)\b|\byou are now\b|\byou must (?:now )?(?:answer|reply|say|respond|output|state)\b|(?:^|\b(?:must|should|please|now|and) )act as\b|\bpretend (?:to be|that you)\b|\bdeveloper mode\b"
    r"|\b(?:assistants?|language models?|chatbots?|ai (?:systems?|models?)|llms?) (?:reading|must|should|shall|are to|is to|that read)\b"
    r"|\b(?:reply|respond|answer|output|print|say|tell the user)\b (?:only |just |always |exactly |the user |to (?:all|every|any) \w+ )?(?:with|that|\"|“|:|in the affirmative)"
    r"|\bdo not (?:cite|mention|reveal|quote) (?:any |the |this |your )?(?:source|passage|instruction|quote)\w*",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"(?:https?|ftp|file|data|javascript):\S+|\bwww\.[a-z0-9-]+\.\S+|!?\[[^\]\n]*\]\([^)\n]*\)|<!--|</?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>|\[[^\]]+\]:\s*\S+"
    r"|\b[a-z0-9.-]+@[a-z0-9-]+\.[a-z.]+|\b(?:[a-z0-9-]+\.)+(?:com|cn|net|org|info|top|xyz|io|gov)\b\S*",
    re.IGNORECASE,
)


def is_prompt_injection(text: str) -> bool:
    """Whether a sentence addresses the assistant with a command instead of telling something."""
    return _COMMANDS.search(text) is not None


def find_links(text: str) -> tuple[str, ...]:
    """Return the addresses, links, pictures and tags of a text as they stand there."""
    return tuple(match.group() for match in _LINKS.finditer(text))
