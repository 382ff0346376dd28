"""The stories of one page: news, and what stands beside and between them."""

from dataclasses import dataclass, replace
from random import Random

from press.articles import Pool, sentences
from press.kinds import Kind, Profile
from press.names import person
from press.newsroom import Part, Story, dateline, report
from press.wording import clauses, headline_of, telling

_NOTE_OPENINGS = ("编者按：", "编者按 ", "【编者按】", "开栏语：", "编者的话：")
_COLUMNS = ("走基层", "身边的榜样", "奋进新征程", "民生直通车", "文脉寻踪", "云汀故事", "一线见闻")
_SIDEBARS = ("相关链接", "延伸阅读", "新闻背景", "记者手记", "小贴士", "名词解释")
_NOTICES = (
    "{unit}热线{phone}于每日{a}:00至{b}:30受理来电，节假日照常。本周受理内容为{topic}，敬请关注。",
    "兹定于{m}月{d}日{a}时至{b}时对{place}一带进行检修，届时将影响正常使用，请相关单位和居民提前做好准备，不便之处敬请谅解。",
    "{name}遗失身份证，号码尾数{phone}，声明作废。{place}商店遗失营业执照副本，声明作废。",
    "根据有关规定，现将{topic}有关事项公告如下：公示期自{m}月{d}日起五个工作日，如有异议请于公示期内向{unit}反映，电话{phone}。",
)
_UNITS = ("区融媒体中心", "区供电公司", "区自来水公司", "区规自分局", "南浦街道办事处")
_PLACES = ("青石路", "松桥东街", "白鹭镇北区", "望塔巷")


@dataclass(frozen=True, slots=True)
class PagePlan:
    """What the desk hands to the composing room.

    Args:
        kinds: of the whole page.
        adverts: lines of advertisements, each a block.
    """

    stories: tuple[Story, ...]
    kinds: frozenset[Kind]
    adverts: tuple[tuple[str, ...], ...]


def plan_page(pool: Pool, profile: Profile, rng: Random) -> PagePlan:
    """Choose and edit the stories of one page."""
    kinds: set[Kind] = {k for k in _PAGE_KINDS if profile.happens(k, rng)}
    count = rng.randint(*profile.stories)
    if "two_articles" in kinds:
        count = 2
    elif "twenty_articles" in kinds:
        count = 20
    taken: list[int] = []
    stories: list[Story] = []
    for number in range(count):
        themed = bool(taken) and rng.random() < profile.themed
        twin = number == 1 and "twins" in kinds
        taken.append(pool.draw(taken, rng, taken[0] if twin or themed else None, 400 if twin else 30))
        story = report(pool.articles[taken[-1]], profile, rng, short=count == 20)
        stories.append(story.marked("twins") if twin else story)
    if "twins" in kinds and len(stories) > 1:
        stories[0] = stories[0].marked("twins")
    if "two_articles" not in kinds:
        stories += _beside(stories, pool, taken, kinds, rng)
    adverts = tuple(_advert(rng) for _ in range(rng.choice((1, 2)))) if "advert" in kinds else ()
    return PagePlan(tuple(stories), frozenset(kinds), adverts)


_PAGE_KINDS: tuple[Kind, ...] = (
    "notice", "reversed_heads", "briefs", "editors_note", "sidebar", "twins", "watermark", "zero_width", "folio",
    "furniture", "advert", "doubled_head", "half_width", "gaps", "lost_punctuation", "two_articles", "twenty_articles",
)  # fmt: skip


def _beside(stories: list[Story], pool: Pool, taken: list[int], kinds: set[Kind], rng: Random) -> list[Story]:
    found: list[Story] = []
    if "notice" in kinds:
        found.append(_notice(rng))
    if "briefs" in kinds:
        headed = rng.random() < 0.5
        for _ in range(rng.randint(3, 6)):
            taken.append(pool.draw(taken, rng, None, 1))
            found.append(_brief(pool.articles[taken[-1]].text, headed, rng))
    if "editors_note" in kinds:
        alike = pool.articles[pool.draw(taken, rng, taken[0], 60)]
        text = rng.choice(_NOTE_OPENINGS) + "".join(sentences(alike.text)[:3])
        headline = rng.choice(_COLUMNS) if rng.random() < 0.6 else None
        found.append(Story("note", headline, ((Part("body", text),),)).marked("editors_note"))
    if "sidebar" in kinds:
        found.append(_sidebar(stories, pool, taken, rng))
    return found


def _sidebar(stories: list[Story], pool: Pool, taken: list[int], rng: Random) -> Story:
    """Say more on the subject of the first story: its own last paragraphs, or what another article knows of it."""
    main = stories[0]
    parts = main.blocks[-1]
    label = rng.choice(_SIDEBARS)
    tail = [p for p in parts[-2:] if p.role == "body" and not p.follows]
    if len(main.blocks) == 1 and len(parts) > 5 and len(tail) == 2 and rng.random() < 0.5:
        stories[0] = replace(main, blocks=(parts[:-2],))
        texts = [p.text for p in tail]
    else:
        alike = pool.articles[pool.draw(taken, rng, taken[0], 60)]
        texts = list(alike.paragraphs[-2:])
    if rng.random() < 0.5:
        headline, above = label, None
    else:
        headline, above = headline_of("".join(texts), rng), label
    return Story("sidebar", headline, (tuple(Part("body", t) for t in texts),), label=above).marked("sidebar")


def _brief(text: str, headed: bool, rng: Random) -> Story:
    body = ""
    for sentence in sentences(text):
        if len(body) > 50:
            break
        body += sentence
    body = body[:260]
    if headed:
        return Story("brief", headline_of(body, rng)[:14], ((Part("body", dateline(rng) + body),),)).marked("briefs")
    lead = (telling(clauses(body, 5, 12), body) or [body[:6]])[0]
    mark = rng.choice(("■", "●", "▲", "◎", ""))
    return Story("brief", None, ((Part("body", f"{mark}{lead}　{body}"),),)).marked("briefs")


def _notice(rng: Random) -> Story:
    topic = rng.choice(("膝关节保养", "道路挖掘许可", "夏季用电常识", "老旧小区改造方案公示"))
    text = rng.choice(_NOTICES).format(
        unit=rng.choice(_UNITS), place=rng.choice(_PLACES), name=person(rng), topic=f"《{topic}》",
        phone=rng.randint(10_000_000, 89_999_999), a=rng.randint(7, 9), b=rng.randint(16, 21),
        m=rng.randint(1, 12), d=rng.randint(1, 28),
    )  # fmt: skip
    headline = rng.choice((None, None, None, "公告", "启事", "停电通知"))
    signed = [Part("body", rng.choice(_UNITS))] if rng.random() < 0.4 else []
    return Story("notice", headline, ((Part("body", text), *signed),)).marked("notice")


def _advert(rng: Random) -> tuple[str, ...]:
    return (
        rng.choice(("澜江壹号 盛大开盘", "青石家居 年终钜惠", "松桥口腔 惠民义诊", "云汀驾校 火热招生")),
        rng.choice(("即日起凭本报享八折", "仅限前100名", "品质生活 一步到位")),
        f"热线：{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
        f"地址：{rng.choice(_PLACES)}{rng.randint(1, 180)}号",
    )
