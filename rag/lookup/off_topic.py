"""What no newspaper archive is for: today's weather, sums, poems, code, translations, advice. A short word on what it is for.

Only where the words themselves leave no doubt. A poem printed in the newspaper, or the weather of a day, is asked for in
other words (谁写的诗, 2023年7月的降雨), and goes on to the passages.
"""

import re

from index.language.normalise import normalise
from rag.generation.composition import Composition
from rag.lookup.inquiry import Inquiry
from rag.lookup.small_talk import introduce
from rag.records import Language

_POLITE = r"(?:你好|您好|请问|请|麻烦|能不能|能否|能|可以|可不可以|会不会|会|你|您|帮我|帮忙|帮|给我|替我|为我|我想|我要|想|[，,！!\s]){0,12}"
_END = r"(?:吗|呢|吧|啊|呀|好吗|可以吗|行吗|谢谢|please|[。.！!？?，,~～\s]){0,20}"
_A = r"(?:一?[首篇段个封份则幅张条]|一下|些|一些|几[首篇句])?"
_OPERAND = r"[\d.,\s()（）]"
_SOON = r"(?:今天|明天|后天|大后天|今晚|明早|今早|现在|这几天|这周末?|本周末?|下周|未来(?:几|三|一)天|最近(?:几天)?|今儿|外面)"
_OFF_TOPIC = "|".join(
    (
        # the weather of these days
        rf"(?:[\u4e00-\u9fff]{{2,5}})?{_SOON}(?:的)?(?:[\u4e00-\u9fff]{{2,5}})?(?:的)?(?:天气|气温|温度)(?:怎么样|如何|预报|好不好|好|情况|多少度?|是多少|会下雨|是什么)?(?:的)?",
        rf"(?:[\u4e00-\u9fff]{{2,4}})?{_SOON}(?:会不会|会|要|有没有|有|需要|用)?(?:下雨|下雪|刮风|带伞|降温|冷不冷|热不热|冷|热|雨|多少度|几度|穿什么)(?:不|么)?",
        r"天气(?:怎么样|如何|预报)|(?:现在|今天)?(?:几点钟?了?|什么时间了?|几号了?|星期几了?|周几了?|什么日子|多少号了?)|现在是?(?:几点|什么时间|几月几号)",
        # what is to be written, drawn, told, sung
        rf"(?:写|作|做|编|创作|来|吟|赋){_A}(?:关于|以|描写|歌颂|赞美)?[\u4e00-\u9fff“”]{{0,12}}?(?:的|为题的?|为主题的?)?(?:诗|诗歌|古诗|藏头诗|打油诗|作文|小说|故事|散文|情书|检讨书?|歌词|对联|春联|请假条|求职信|简历|辞职信|邮件|文案|广告词?|论文|剧本|日记|读后感|段子)",
        rf"(?:写|编|编写|敲|来){_A}[\u4e00-\u9fffa-z+# ]{{0,14}}?(?:代码|程序|脚本|函数|算法|网页|sql|python|java|正则表达式)(?:代码|程序|脚本)?",
        rf"(?:讲|说|来){_A}(?:个)?(?:[\u4e00-\u9fff]{{0,4}})?(?:笑话|童话|睡前故事|鬼故事|绕口令|脑筋急转弯|相声)(?:听听)?|(?!.*[谁哪])(?:唱|画){_A}[\u4e00-\u9fff]{{0,8}}",
        # languages, sums
        r"(?!.*(?:什么|谁|哪|多少|几))(?:把|将)?.{0,40}?(?:翻译|译)(?:成|为|一下|下)(?:英[语文]|日[语文]|法[语文]|韩[语文]|中文|德[语文]|俄[语文]|西班牙[语文])?.{0,40}|.{1,20}(?:用)?(?:英[语文]|日[语文]|法[语文]|韩[语文])(?:怎么|如何|咋)(?:说|写|讲|读)",
        rf"(?:(?:计算|算一?下|算算|算)(?>{_OPERAND}+(?:[+\-*/×÷x^%＋－＊／]{_OPERAND}*)+)|(?>{_OPERAND}+(?:(?:[+*×÷x^＋＊]|加上?|减去?|乘以?|除以|的平方|的立方|平方根){_OPERAND}*)+)|(?>{_OPERAND}+(?:[+\-*/×÷x^%＋－＊／]{_OPERAND}*)+)(?=[=等得]))(?:=|等于|是|得)?(?:几|多少)?",
        r"(?:解|求解|求)(?:一下)?(?:方程|不等式|积分|导数).{0,30}",
        # the asker's own life, and what is new every minute
        r"我(?:[\u4e00-\u9fff]{0,3})(?:头疼|头痛|感冒|发烧|失眠|失恋|肚子疼|牙疼|胃疼|抑郁|心情不好|不开心|好累|很累|好烦|饿|困)了?(?:[，,]?(?:怎么办|该怎么办|吃什么药|怎么治|咋办))?",
        r"(?:推荐|介绍)(?:一下|几|一)?[部本家首款个]?[\u4e00-\u9fff]{0,4}(?:电影|电视剧|小说|餐厅|饭店|馆子|歌曲?|手机|电脑|旅游景点|零食|游戏|股票|基金)|(?:今天|中午|晚上|早上)吃(?:什么|啥)|(?:买|炒)(?:什么|哪只|哪支)(?:股票|基金|彩票)(?:好|能赚钱)?|(?:今天|现在)?[\u4e00-\u9fff]{2,6}(?:股价|股票)(?:现在|今天)?(?:是)?(?:多少|怎么样)",
        # English
        r"(?:what(?:'s| is) the |how(?:'s| is) the )?weather (?:like )?(?:today|tomorrow|now|this week(?:end)?|forecast|in [a-z ]{2,20} (?:today|tomorrow|now))|what(?:'s| is| will) the weather(?: be)?(?: like)?(?: (?:today|tomorrow|now|outside))?|(?:is it|will it) (?:be )?(?:rain|raining|snow|snowing|cold|hot|sunny)(?: (?:today|tomorrow|now|tonight))?|what(?:'s| is) (?:the )?(?:time|date|day)(?: (?:is it|today|now|it is))?|what (?:time|day) is it(?: (?:now|today))?",
        r"(?:write|compose|create|make(?: up)?|generate)(?: me)? (?:an?|some|the) (?:[a-z\-]+ ){0,3}?(?:poem|haiku|song|story|essay|joke|letter|email|cover letter|resume|code|script|program|function|novel|rap|limerick|sonnet|sql query|regex)(?: .{0,60})?|write (?:python|java|javascript|c\+\+|sql|html)? ?code(?: .{0,60})?|tell (?:me )?(?:a|another|some) (?:[a-z]+ )?(?:jokes?|story|bedtime story|riddle)|sing (?:me )?a song|draw (?:me )?.{1,40}",
        rf"(?:please )?translate .{{1,80}}|how (?:do|would) (?:you|i) say .{{1,40}} in (?:english|chinese|french|german|japanese|spanish|korean)|(?:what(?:'s| is)|calculate|compute|how much is) (?>{_OPERAND}+(?:(?:[+\-*/x×÷^]|% of|plus|minus|times|divided by){_OPERAND}*)+)",
        r"(?:can you )?recommend (?:me )?(?:a|some|any) (?:good )?(?:movies?|films?|books?|restaurants?|songs?|games?|stocks?)(?: .{0,40})?|what should i (?:eat|wear|cook|buy|watch)(?: .{0,30})?|i (?:have a|am|feel|'m) (?:headache|cold|sad|tired|hungry|depressed|bored|sick)(?: .{0,40})?",
    )
)
_POLITE_ENGLISH = (
    r"(?:hi|hello|hey|please|can you|could you|would you|will you|help me|i want you to|i'd like you to|[,\s]){0,12}"
)
_WHOLE = re.compile(rf"\A(?:{_POLITE}|{_POLITE_ENGLISH})(?:{_OFF_TOPIC}){_END}")
_MAKE = re.compile(
    r"\A(?:(?:你好|您好|请问|麻烦|[，,！!\s]){0,12}"
    r"(?:(?:请你?|帮我|帮忙|给我|替我|为我|能不能|能否|可以|你能|你会|能|我想让你|我要你)+(?:用[\w+# ]{1,12}?)?(?:写|编写?|创作|起草|拟写?|作|画|设计|生成|润色|改写|仿写)一?[个首篇段封份则幅张副条句]"
    r"|(?:写|创作|起草|作|画|赋|吟)一?[首篇段封份则幅张副句])"
    r"[^？?]{1,40}|.{0,12}出(?:个|点|些)?主意.{0,20})"
)
_ABOUT_REPORTS = re.compile(
    r"谁|什么|哪|多少|几[个篇]|总结|梳理|摘要|概括|概述|归纳|综述|大事记|时间[线轴表]|年表|表格|清单|列表|报道|新闻|资料|简介|介绍|对比"
)
"""What may be made of reports, or asks after something made."""
MAX_WISH_CHARACTERS = 80
"""Of what is recognised as off topic: who writes more may ask for anything in it."""
_OPENING: dict[Language, str] = {
    "zh": "这不是资料库能回答的：我是问据，",
    "en": "That is nothing the archive can answer. This is Wenju. ",
}


def decline_off_topic(inquiry: Inquiry) -> Composition | None:
    """Say what the service is for where something else is wanted of it."""
    if not is_off_topic(inquiry.query.text):
        return None
    return introduce(inquiry, _OPENING[inquiry.language], refusal="not_allowed")


def is_off_topic(text: str) -> bool:
    """Whether a message wants what no archive of reports has: something made, reckoned, or of this very day."""
    said = normalise(text).replace("’", "'").strip()
    if len(said) > MAX_WISH_CHARACTERS:
        return False
    return _WHOLE.fullmatch(said) is not None or (
        _MAKE.fullmatch(said) is not None and _ABOUT_REPORTS.search(said) is None
    )
