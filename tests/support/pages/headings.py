"""What stands on a page beside the bodies: headlines, captions, banners, editor's notes, notices."""

import random

import typeset
from composing import Frame, Item, Role, Setting
from newsprint import CleanArticle

UPRIGHT = str.maketrans("“”", "『』")
"""Quotation marks of vertical lines."""
BANNERS = ["民生关注", "记者走基层", "两会专题", "文化副刊", "街镇新貌", "便民信息", "党建风采", "深读", "社区故事", "健康生活"]  # fmt: skip
NOTES = (
    "编者按：新年伊始，本报推出“{0}”专栏，用一组组故事回望一年来全区的变化，从细微处看见这座城的温度。今日刊发第{1}篇，敬请读者关注。",
    "编者按：一段历史，一种精神。自今日起本报开设“{0}”专栏，约请馆员、教师和亲历者讲述老街旧事，共{1}期，欢迎读者来稿，指出疏漏。",
    "开栏的话：基层有最生动的答案。本报记者用{1}个月走访了各街镇，把所见所闻写成“{0}”系列报道，请您和我们一起听一听他们的声音。",
)
NOTICES = (
    "因管线迁改施工，自{0}月{1}日起至{0}月28日，{2}路段每日9时至16时占用一条机动车道，请过往车辆减速慢行或提前绕行。区交通局",
    "区图书馆总馆{0}月{1}日（周一）闭馆整修，归还图书可投入门外的还书箱，逾期不计。咨询电话请见馆门公告。{2}分馆照常开放。",
    "{2}社区卫生服务站{0}月{1}日起实行夏季作息，上午8:00至12:00，下午13:30至17:30，节假日门诊不变，请居民相互转告。",
)
PLACES = ["望津", "湖心", "石桥", "柳荫", "桐阳", "南渡", "白鹭", "青坞", "云汀", "渡口"]  # fmt: skip


def fillers(setting: Setting, rng: random.Random) -> list[CleanArticle]:
    """An editor's note or a notice, now and then."""
    fillers = []
    if setting.may(rng, "editors_note", 0.06):
        title = rng.choice(BANNERS) if rng.random() < 0.6 else None
        text = rng.choice(NOTES).format(title or rng.choice(BANNERS), rng.choice("一二三四五六"))
        fillers.append(CleanArticle("editors_note", text, title))
    if setting.may(rng, "notice", 0.12):
        text = rng.choice(NOTICES).format(rng.randrange(1, 13), rng.randrange(1, 20), rng.choice(PLACES))
        fillers.append(CleanArticle("notice", text))
    return fillers


def printed_headlines(setting: Setting, rng: random.Random, item: Item) -> list[Frame]:
    """Kicker, headline and deck as they are printed, in this order."""
    article = item.article
    frames = []
    roles: tuple[tuple[Role, str | None], ...] = (
        ("kicker", article.kicker),
        ("headline", article.title),
        ("deck", article.deck),
    )
    for role, text in roles:
        if not text or not item.is_titled:
            continue
        rows = [text]
        if role == "headline" and not article.is_english and len(text) >= 10:
            if setting.may(rng, "vertical_reversed", 0.02):
                rows = [" ".join(reversed(typeset.headline_lines(text, rng))).translate(UPRIGHT)]
                item.kinds.add("vertical_reversed")
            elif setting.may(rng, "headline_lines", 0.25):
                rows = typeset.headline_lines(text, rng)
                item.kinds |= {"headline_lines"} if len(rows) > 1 else set()
        if setting.doubles and rng.random() < 0.6 and "vertical_reversed" not in item.kinds:
            if setting.may(rng, "doubled_piecewise", 0.25) and not article.is_english:
                rows = ["".join(rows)] if rng.random() < 0.5 and len(rows) > 1 else rows
                rows = [typeset.doubled_piecewise(row) for row in rows]
                item.kinds.add("doubled_piecewise")
            elif "doubled_headline" in setting.allowed:
                rows = [typeset.doubled(row) for row in rows]
                item.kinds.add("doubled_headline")
        rows = [typeset.halved(row) for row in rows] if setting.half_width else rows
        frames.append(Frame(role, item.owner, rows=tuple(rows)))
    return frames


def printed_caption(setting: Setting, rng: random.Random, item: Item, caption: str) -> tuple[str, ...]:
    if item.article.is_english or caption[0] in "▼◀▶▲":
        return (caption,)
    if setting.may(rng, "caption_pointer", 0.25):
        item.kinds.add("caption_pointer")
        width = float(rng.choice((7, 9, 12, 60)))
        says, _, credit = caption.partition("。")
        rows = typeset.wrapped(rng.choice("▼◀▶▲") + says + "。", [width + typeset.INDENT, width], may_tear=True)
        return (*rows, credit.strip()) if credit.strip() else tuple(rows)
    if setting.doubles and setting.may(rng, "doubled_caption", 0.5):
        item.kinds.add("doubled_caption")
        return (typeset.doubled_piecewise(caption) if rng.random() < 0.5 else typeset.doubled(caption),)
    return (caption,)
