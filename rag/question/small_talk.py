"""What is said to the service itself, and asks nothing of the archive: greetings, thanks, who are you, what can you do.

    clauses ─► each made of words of small talk alone? ─ no ─► None
                         │ yes
                         ▼ by the words that tell
               identity, help, thanks, farewell, assent, greeting

Closed classes of the language: those who are spoken to, polite words, asking words, and what such a service is asked of
itself. One word of anything else, and it is a question: 谢谢，那区长是谁？
"""

import re
from typing import Literal

from index.language.normalise import normalise

SmallTalk = Literal["greeting", "thanks", "farewell", "assent", "identity", "help", "terms", "trust"]
"""terms: what it costs, whether one must register, whom to call. trust: whether its answers are right."""

_CHINESE = (
    "你 您 你们 您们 你自己 您自己 自己 问据 小助手 助手 助理 机器人 客服 真人 人 机器 ai 人工智能 智能 大模型 模型 语言模型 大语言模型 "
    "gpt chatgpt deepseek 本 这 这个 系统 平台 网站 工具 网页 页面 "
    "请问 请 麻烦 打扰 打扰一下 不好意思 劳驾 想 问 问问 问下 一下 下 先 那 那么 那好 我 我们 大家 各位 老师 同志 朋友 亲 "
    "是 谁 什么 啥 哪 哪个 哪家 哪里 哪位 哪些 哪种 些 一些 点 一个 个 东西 来历 叫 叫做 名字 姓名 名称 称呼 贵姓 姓 自我 介绍 做 干 干嘛 干啥 用来 "
    "的 吗 呢 啊 呀 吧 嘛 了 呐 么 哦 噢 哟 啦 哈 哎 嗯 到底 究竟 还是 算 "
    "能 能不能 会 可以 可 都 还 懂 帮 帮我 帮忙 帮助 帮帮 给 给我 为 为我 回答 解答 查 查询 检索 搜索 提供 处理 解决 问题 事 事情 忙 内容 方面 "
    "功能 用处 作用 用途 本领 本事 能力 特点 服务 怎么 怎样 如何 咋 该 应该 使用 用 操作 提问 用法 说明 说明书 方法 教程 指南 有 多大 几岁 年龄 今年 "
    "公司 部门 单位 团队 开发 研发 制作 设计 训练 创造 出来 由 基于 "
    "谢谢 感谢 多谢 谢 非常 十分 太 真 很 辛苦 感激 回复 支持 耐心 指点 提醒 告诉 信息 厉害 棒 不错 赞 聪明 给力 专业 完美 "
    "再见 拜拜 拜 下次 回头 明天 改天 见 再 聊 晚安 先这样 就这样 走 下班 "
    "你好 您好 好 早 早上 上午 中午 下午 晚上 早晨 早安 午安 新年 新春 春节 元旦 节日 国庆 中秋 周末 端午 快乐 哈喽 哈罗 哈啰 嗨 嘿 喂 在 在不在 有人 有人在 "
    "很高兴 认识 见到 幸会 久仰 最近 "
    "收费 免费 收钱 要钱 花钱 付费 付钱 交钱 多少钱 要 需要 要不要 用不用 要不要钱 花不花钱 得 必须 用户 注册 登录 登陆 账号 账户 密码 下载 安装 "
    "人工 人工客服 客服电话 热线 联系 联系方式 转 找 回答得 答案 说的 讲的 说 讲 话 对 错 对不对 是不是 正确 准 准确 准不准 可靠 靠谱 靠不靠谱 可信 "
    "相信 信 信任 能信 出错 犯错 弄错 搞错 错误 真的 假的 保证 一定 骗 骗人 编 编的 瞎编 乱说 胡说 "
    "英语 英文 中文 汉语 普通话 外语 语言 几种 什么样 才 怎样才 几点 上线 休息 累 累不累 睡觉 "
    "好的 好嘞 不用 不必 不要 不需要 没事 没事儿 没有 没 别的 其他 没关系 没问题 不客气 知道 明白 了解 清楚 收到 已经 行 ok okay 算了 测试"
)
_ENGLISH = (
    "you u your yourself this tool site website service system page bot robot assistant chatbot ai model wenju chatgpt what "
    "what's who who's how which are is am r can could should may do does doing help me i i'd we us use work works ask "
    "search question questions kind kinds sort of type things for about tell please introduce name a an the to with here from "
    "made built created developed human person machine real any features functions capabilities purpose instructions usage manual "
    "thanks thank thx ty cheers so much very many lot million again help answer answers reply information appreciated "
    "appreciate it's that that's in advance great good nice job well perfect morning afternoon evening day night hi hello hey there everyone "
    "greetings going up meet bye goodbye see ya later soon tomorrow have farewell ok okay got understood no nope need fine "
    "pay pays cost costs free charge charges fee fees money register sign log login account password download install phone "
    "trust reliable accurate correct right wrong true mistakes mistake sure there speak english chinese language languages "
    "all right alright never mind cool sure just then now today anyone anybody test testing everything else nothing"
)
_WORDS = frozenset(_CHINESE.split())
_LONGEST_WORD_OF_TALK = max(map(len, _WORDS))
_ENGLISH_WORDS = frozenset(_ENGLISH.split())
_YOU = r"(?:你|您|问据|小助手|机器人|本系统|本平台|\byou\b|\bu\b|\byour(?:self)?\b|wenju)"
_HERE = rf"(?:{_YOU}|这个?(?:系统|平台|网站|工具|网页|页面)|\bthis\b)"
_TELLING: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))  # type: ignore[misc]
    for kind, pattern in (
        (
            "terms",
            r"^(?!.*谁)(?!..?$).*(?:收费|免费|[收要花付交]钱|[要花]多少钱|付费|注册|登[录陆]|账[号户]|密码|下载|安装|人工(?=客服|服务|咨询|[吗呢吧啊]|$)|客服|热线|联系)|^(?:收费|免费)$"
            r"|\b(?:pay|costs?|free|charges?|fees?|money|register|sign (?:up|in)|log ?in|account|password|download|install|phone)\b",
        ),
        (
            "trust",
            r"^(?!.*(?:谁|什么|啥)).*(?:准|正确|可靠|靠谱|可信|[信编骗]|[出犯弄搞]错|错误|对[吗不]|真的|假的|乱说|胡说)"
            r"|\b(?:trust|reliable|accurate|correct|mistakes?|(?:are|be) (?:right|wrong|true))\b",
        ),
        (
            "identity",
            rf"{_YOU}.{{0,60}}(?:累|休息|睡觉|几点)|{_YOU}.{{0,60}}(?:谁|叫|名字|姓|名称|称呼|哪|[是用](?:的是)?(?:什么|啥)|(?:开发|研发|制作|设计|训练|创造)|真人|人还是|多大|几岁|年龄)|(?:谁|哪).{{0,60}}(?:开发|研发|制作|设计|训练|创造).{{0,60}}{_YOU}"
            rf"|是{_YOU}?(?:机器人|真人|人工智能|ai)|自我介绍|介绍.{{0,60}}(?:{_HERE}|自己)|(?:称呼|认识).{{0,60}}{_YOU}|{_HERE}(?:到底|究竟)?是(?:什么|啥|干|做|用来)|{_YOU}是(?:人|ai|chatgpt|gpt|deepseek|人工智能|大模型)"
            r"|\b(?:who|what)(?:'s| are| is| r)? (?:you|u|this|your)\b|\bare you (?:an? )?(?:ai|bot|robot|human|real|chatgpt|person|machine)|\bintroduce|\babout you|\b(?:which|what) .{0,60}model|\bwho (?:made|built|created|developed)",
        ),
        (
            "help",
            rf"{_HERE}.{{0,60}}(?:能|会|可以|懂|帮|功能|用处|作用|用途|本领|本事|能力|特点|怎么|怎样|如何|咋|用法|知道|了解)|(?:能|会|可以|应该|该).{{0,60}}(?:什么|啥|哪些|哪方面)|(?:怎么|怎样|如何|咋).{{0,60}}(?:用|操作|问|查|检索|搜索)|(?:使用|操作)?(?:说明|教程|指南|帮助|用法|方法)|帮帮我|有(?:什么|哪些|啥)功能|功能(?:有|是)(?:什么|哪些|啥)|问.{{0,60}}(?:什么|啥|哪些).{{0,60}}"
            r"|\bwhat (?:can|could|do|does|should|may|questions?|kinds?|sort|things)\b|\bhow (?:do|does|can|could|should|to)\b|\bhelp\b(?! me so)|\b(?:speak|languages?)\b|\bfeatures?|\bfunctions?|\bcapabilities|\bpurpose|\binstructions|\busage|\bmanual",
        ),
        ("thanks", r"谢|辛苦|感激|麻烦[你您]|劳驾|\b(?:thanks?|thx|ty|cheers|appreciated?)\b"),
        (
            "farewell",
            r"再见|拜拜?|回头见|明天见|下次|改天|晚安|先这样|就这样|下班|走了|\b(?:good)?bye\b|\bsee (?:you|ya)\b|\bgood night\b|\bfarewell\b|\bhave a\b",
        ),
        (
            "greeting",
            r"[你您早]好|[家位]好|好$|上好|午好|^早|[早午]安|快乐|哈[喽罗啰]|[嗨嘿喂]|^在|有人|很高兴|幸会|久仰|测试|\b(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day))\b|\bhow are you\b|\bhow(?:'s| is) |\bwhat(?:'s| is) up\b|\bmeet you\b|\b(?:anyone|anybody|you) (?:t?here)|\btest",
        ),
        (
            "assent",
            r"不用|不必|不要|不需要|没事|没有|没关系|没问题|不客气|知道|明白|了解|清楚|收到|^好|^行|^可以|^嗯|^哦|^噢|算了|打扰|厉害|棒|不错|赞|聪明|给力|专业|完美|\b(?:ok|okay|got|understood|no|nope|fine|right|alright|mind|cool|sure|great|good|nice|perfect|well|all)\b",
        ),
    )
)
_OF_ASKING = 4
"""Of the kinds, those that ask for something."""
_ASKS = re.compile(
    r"要不要|用不用|是不是|[对准]不|靠不|多少|几点|谁|什么|啥|哪|怎|如何|咋|吗|呢|介绍|能不能|贵姓|\b(?:who|what|which|how|can|could|are|do|does|is|introduce|help me)\b"
)
_CLAUSE = re.compile(r"[，,。.!！?？;；~～…、:：\"“”\s]+")
_ENGLISH_CLAUSE = re.compile(r"[，,。.!！?？;；~～…、:：\"“”]+")
_NOT_ITSELF = re.compile(r"怎么(?:会)?知道|为什么|哪里知道")
"""Asks where an answer is from, or why."""
MAX_SMALL_TALK_CHARACTERS = 60
"""Of what is small talk: who writes more asks something."""


def small_talk(text: str) -> SmallTalk | None:
    """Return what kind of small talk a message is; None where it asks something of the archive, or may."""
    said = normalise(text).replace("’", "'").strip()
    if not said or len(said) > MAX_SMALL_TALK_CHARACTERS or _NOT_ITSELF.search(said):
        return None
    is_english = said.isascii()
    clauses = [clause for part in (_ENGLISH_CLAUSE if is_english else _CLAUSE).split(said) if (clause := part.strip())]
    if not clauses or not all(_is_talk(clause, is_english=is_english) for clause in clauses):
        return None
    # Thanks for help ask for none: where nothing is asked, what asks comes last.
    is_asking = _ASKS.search(said) is not None
    kinds = _TELLING if is_asking else (*_TELLING[_OF_ASKING:], *_TELLING[:_OF_ASKING])
    return next((kind for kind, telling in kinds for clause in clauses if telling.search(clause)), None)


def names_service(text: str) -> bool:
    """Whether a message names whom it speaks to: 你, 这个系统."""
    return re.search(_HERE, normalise(text)) is not None


def _is_talk(clause: str, *, is_english: bool) -> bool:
    """Whether a clause consists of words of small talk alone."""
    if is_english:
        return all(word in _ENGLISH_WORDS for word in clause.replace("-", " ").split())
    reached = {0}
    for start in range(len(clause)):
        if start in reached:
            ends = range(start + 1, min(start + _LONGEST_WORD_OF_TALK, len(clause)) + 1)
            reached.update(end for end in ends if clause[start:end] in _WORDS)
    return len(clause) in reached
