"""Articles of an invented district, 云汀区, of eleven subjects: for tests that may hold no real newspaper's text."""

from dataclasses import dataclass
from random import Random

from press.articles import CleanArticle, Pool
from press.names import person

_PLACES = (
    "青石街道",
    "松桥街道",
    "白鹭镇",
    "南浦街道",
    "月湖社区",
    "柳浪里社区",
    "澜江新村",
    "石榴巷",
    "望塔街道",
    "旧砖厂片区",
)


@dataclass(frozen=True, slots=True)
class _Subject:
    project: tuple[str, ...]
    unit: str
    things: tuple[str, ...]
    deeds: tuple[str, ...]
    people: tuple[str, ...]


_SUBJECTS = (
    _Subject(("地下供水管网改造", "雨污分流工程"), "区水务局", ("管线", "泵站", "检查井", "水压"), ("更换老化管线", "疏通雨水口", "加装远传水表"), ("抢修队员", "住户")),
    _Subject(("社区食堂", "助餐点建设"), "区民政局", ("午餐", "菜品", "助餐卡", "送餐车"), ("推出半份菜", "为高龄老人送餐上门", "核定餐费补贴"), ("独居老人", "厨师")),
    _Subject(("校园足球联赛", "青少年体育节"), "区体育局", ("球队", "赛程", "教练", "球场"), ("组织循环赛", "翻新人工草坪", "评选最佳射手"), ("守门员", "体育老师")),
    _Subject(("湿地公园二期", "口袋公园建设"), "区园林绿化局", ("栈道", "芦苇", "候鸟", "观鸟台"), ("补种水生植物", "清理入侵物种", "增设科普牌"), ("护鸟志愿者", "游客")),
    _Subject(("旧城书房", "图书馆夜间开放"), "区文化和旅游局", ("藏书", "借阅卡", "阅览席", "读书会"), ("延长开馆时间", "举办作家沙龙", "开展图书漂流"), ("读者", "馆员")),
    _Subject(("老楼加装电梯", "外墙保温改造"), "区住建委", ("电梯", "楼门", "施工脚手架", "业主意见"), ("征求业主意见", "吊装钢结构井道", "组织竣工验收"), ("楼门长", "监理")),
    _Subject(("公交线路优化", "慢行系统"), "区交通委", ("公交站", "自行车道", "信号灯", "客流"), ("增加高峰车次", "施划彩色铺装", "撤销重复站位"), ("调度员", "通勤族")),
    _Subject(("中医馆升级", "家庭医生签约"), "区卫生健康委", ("门诊", "签约居民", "慢病档案", "药房"), ("开设针灸门诊", "上门测量血压", "培训乡村医生"), ("全科医生", "患者")),
    _Subject(("创业园开园", "专精特新培育"), "区科技局", ("企业", "厂房", "专利", "融资"), ("兑现租金补贴", "搭建中试平台", "举办路演"), ("创始人", "投资人")),
    _Subject(("草莓采摘节", "高标准农田"), "区农业农村局", ("大棚", "秧苗", "亩产", "合作社"), ("推广水肥一体化", "办起电商直播", "修复机耕道"), ("种植户", "农技员")),
    _Subject(("消防疏散演练", "电动自行车整治"), "区应急局", ("充电柜", "灭火器", "楼道", "隐患台账"), ("清走楼道杂物", "安装充电端口", "检查沿街商户"), ("网格员", "消防员")),
)  # fmt: skip


def _lead(s: _Subject, project: str, place: str, rng: Random) -> str:
    return (
        f"{rng.choice(('日前', '近日', f'{rng.randint(1, 12)}月{rng.randint(1, 28)}日'))}，{s.unit}在{place}启动{project}，"
        f"计划{rng.choice(('年底前', '三个月内', '明年春天'))}{rng.choice(s.deeds)}，惠及居民{rng.randint(120, 9800)}户。"
    )


def _scene(s: _Subject, project: str, place: str, rng: Random) -> str:
    return (
        f"走进{place}，{rng.choice(s.things)}旁围满了人，{person(rng)}正和{rng.choice(s.people)}商量{rng.choice(s.things)}的事。"
        f"“以前{rng.choice(s.things)}总让人发愁，现在{project}来了，方便多了。”{rng.choice(s.people)}{person(rng)}说。"
    )


def _figures(s: _Subject, project: str, place: str, rng: Random) -> str:
    first, second = rng.sample(s.deeds, 2)
    return (
        f"据{s.unit}负责人{person(rng)}介绍，{project}总投资{rng.randint(80, 6200)}万元，分{rng.choice('二三四')}期实施。"
        f"截至目前，{place}已{first}{rng.randint(3, 96)}处，{second}{rng.randint(2, 48)}次，"
        f"{rng.choice(s.things)}比去年增加{rng.randint(2, 70)}.{rng.randint(0, 9)}%，群众满意率达到{rng.randint(90, 99)}%。"
    )


def _measures(s: _Subject, project: str, place: str, rng: Random) -> str:
    return (
        f"围绕{project}，{place}坚持每周碰头、每月通报：一是{rng.choice(s.deeds)}，把{rng.choice(s.things)}登记造册；"
        f"二是请{rng.choice(s.people)}参与监督；三是与{rng.choice(_PLACES)}结对，共用{rng.choice(s.things)}，避免重复投入。"
    )


def _outlook(s: _Subject, project: str, place: str, rng: Random) -> str:
    return f"下一步，{s.unit}将继续推进{project}，在{rng.choice(_PLACES)}等{rng.randint(3, 9)}个点位{rng.choice(s.deeds)}，让{rng.choice(s.people)}得到实惠。"


def invent(rng: Random) -> CleanArticle:
    """Invent one article of 4 to 9 paragraphs."""
    s = rng.choice(_SUBJECTS)
    project, place = rng.choice(s.project), rng.choice(_PLACES)
    middle = [rng.choice((_scene, _figures, _measures))(s, project, place, rng) for _ in range(rng.randint(2, 7))]
    title = rng.choice(
        (
            f"{place}{rng.choice(s.deeds)}{rng.randint(3, 96)}处", f"{project}落地{place}", f"{s.unit}启动{project}",
            f"{rng.choice(s.things)}变了样 {rng.choice(s.people)}乐开怀",
        )
    )  # fmt: skip
    return CleanArticle(title, (_lead(s, project, place, rng), *middle, _outlook(s, project, place, rng)))


def invented_pool(size: int, seed: int) -> Pool:
    """Invent a pool of articles; the same for the same seed."""
    rng = Random(seed)
    return Pool([invent(rng) for _ in range(size)])
