"""What classes, ids and opening words say of a part of a page: menus, related articles, comments, site footers."""

import re
from typing import Final

from index.read.html_tree import Element

# Parts that tell of something else, however much of it there is.
_OTHERS: Final = re.compile(
    r"(?:^|[\s_-])(?:comments?|replys?|pinglun|gentie|tie[-_]?area|related?|relat(?:ed|ion|ive)s?|recommend\w*|tuijian|rank(?:ing|list)?|hot"
    r"|guess|similar|also[-_]?read|more[-_]?(?:news|articles)|prev[-_]?next|pre_?next|breadcrumbs?|crumbs?|friend[-_]?links?|cookies?"
    r"|consent|gdpr|copyrights?|share(?:bar|box|[-_]\w+)?|bd?share\w*|qr[-_]?codes?|popup|modal|login|advert\w*|ads?|banner|pagination|pager"
    r"|subscribe|newsletter|sidebar|side[-_]?bar|toolbar|menus?|navi?(?:bar|gation)?|topnav|subnav|weizhi|dqwz|footer|foot|site[-_]?footer"
    r"|statement|disclaimer|shengming|xgwz|xgyd|xgxw|rmtj|tjyd|like[-_]?list|newslist|news[-_]list|list[-_]right|right[-_]?(?:bar|side|col|list))"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS: Final = re.compile(r"(?:^|[\s_-])(?:comments?|pinglun|gentie|tie[-_]?area|disqus\w*|replies)", re.IGNORECASE)
# Words over lists of other articles.
_HEADS: Final = re.compile(
    r"[【\[■◆▎|>》\s]{0,3}(?:(?:相关|延伸|推荐|更多|热门|精彩|最新|今日|本周|本月|往期|其他|其它|近期|24小时|同类|图片|专题|滚动|即时|视频|编辑|猜你|大家都在|网友|最热|点击|阅读|新闻|一周)"
    r"(?:新闻|阅读|链接|文章|报道|推荐|内容|热点|信息|资讯|热文|热搜|回顾|图集|专题|视频|看点|稿件|动态|搜索|排行榜?|喜欢|在看|评论|热榜|要闻|头条|精选|专栏|关注)"
    r"|猜你喜欢|您可能感兴趣(?:的.{0,4})?|热点(?:排行|新闻|推荐)?|排行榜|友情链接|网友评论|发表评论|评论区?|我要评论|为您推荐|相关|延伸阅读|为你推荐"
    r"|related(?: (?:articles|stories|news|posts|links))?|you may also like|more (?:news|stories|from .{1,20})|read more|recommended(?: for you)?|most (?:read|popular)|comments?|leave a (?:comment|reply)|trending)"
    r"\s{0,2}[】\]:：>》…]{0,3}(?:\s?(?:more|更多)\W{0,2})?",
    re.IGNORECASE,
)
# Lines that sites put round any article.
_FURNITURE: Final = re.compile(
    r"(?:版权所有|copyright\b|©|\(c\) ?\d{4}|all rights reserved|[京沪粤浙苏川渝津鲁豫鄂湘闽皖赣冀晋辽吉黑蒙桂琼黔滇藏陕甘青宁新]ICP|ICP备|ICP证|.{0,3}公网安备|网站标识码|(?:主办|承办)(?:单位)?[:：].{0,30}(?:政府|办公[室厅]|宣传部|网信办|媒体中心|信息中心|数据.{0,8}局)|技术支持|运行维护"
    r"|(?:增值电信业务|互联网新闻信息服务|信息网络传播).{0,10}许可|违法和?不良信息|不良信息举报|(?:网站|本[网站])举报|举报邮箱"
    r"|(?:您(?:所在|现在|当前)?的?|当前)?位置\s?[:：]|当前位置|首页\s?[>»›/]"
    r"|上一[篇页条]|下一[篇页条]|返回(?:首页|顶部|列表|上一页|目录|搜狐|腾讯网)|回到顶部|打印(?:本页|此页|文章)?\W{0,3}$|【?打印】?|关闭(?:窗口|本页)?\W{0,3}$|加入收藏|设为首页"
    r"|分享(?:到|至|本文)|分享\W{0,2}$|扫一扫|扫码|微信扫|微信公众号\W{0,2}$|官方微[博信]|长按(?:识别|二维码)|手机(?:阅读|版|看)|【?字[号体]"
    r"|(?:注册|登录|登陆)(?:\W{0,3}(?:登录|注册|收藏|分享))?\W{0,2}$|点击(?:加载更多|查看更多|收起|展开)|加载(?:中|更多)|展开(?:全文|阅读)|查看更多|阅读更多|阅读全文"
    r"|(?:免责|版权|特别|郑重)?声明\s?[:：]|转载请注明|未经.{0,12}(?:授权|许可|书面).{0,30}(?:转载|使用|复制)|本(?:网站?|站|页面?).{0,12}(?:cookie|版权)|We use cookies|This (?:site|website) uses cookies"
    r"|(?:.{0,12}\s)?(?:缩小字体|放大字体)|(?:文章)?关键[词字]\s?[:：]|标签\s?[:：]?\Z|欢迎(?:关注|扫描)|(?:.{0,16}APP\s)?收藏\s|.{0,40}扫[描码一].{0,16}(?:二维码|关注|下载)"
    r"|(?:广告|推广|AD|advertisement)\W{0,2}$|已有\d{0,9}人参与|\d{0,9}条评论|跟贴|我来说两句|点赞|收藏\W{0,3}$|举报\W{0,3}$|纠错|【纠错】|预览时标签不可点|阅读原文|喜欢此内容的人还喜欢|喜欢作者|点(?:分享|收藏|在看)\W{0,2}$|.{0,16}请?下载.{1,16}(?:APP|客户端)\W{0,2}$|.{0,24}尽在.{1,12}(?:APP|客户端)\W{0,2}$|share(?: this)?\W{0,2}$|print\W{0,2}$|back to top|skip to)",
    re.IGNORECASE,
)
_LEADS_ELSEWHERE: Final = re.compile(
    r"\W{0,3}(?:(?:相关|延伸|推荐|更多|往期|热门|猜你|扩展|拓展|深度)(?:新闻|阅读|链接|文章|报道|推荐|内容|资讯|回顾|精彩|喜欢)|更多|(?:点击|点此|戳此|戳这里|猛戳)\S{0,4}(?:查看|阅读|观看|进入|了解)?|另见|参见|详见|阅读更多|查看更多|链接)\s?[：:>＞→》|｜\]】丨]"
    r"|(?:read more|related|see also|more)\s?[:：>]",
    re.IGNORECASE,
)
# Of these the ones that are written as sentences; others open sentences of articles as well (扫码即可报名…。).
_NOTICE: Final = re.compile(
    r"版权|copyright|©|.{0,4}ICP|.{0,3}公网安备|违法|不良信息|(?:网站|本[网站])|(?:免责|版权|特别|郑重)?声明|转载|未经|违者|您|欢迎|长按|微信|关注|We |This |广告",
    re.IGNORECASE,
)
SENTENCE_CHARS: Final = 18
MAX_HEAD_CHARS: Final = 16
MAX_FURNITURE_CHARS: Final = 160
_ASIDE_TAGS: Final = frozenset({"nav", "menu", "search"})
_SITE_TAGS: Final = frozenset({"header", "footer", "aside"})
_ROLES: Final = frozenset(
    {"navigation", "search", "banner", "contentinfo", "complementary", "dialog", "alertdialog", "menu"}
)
_HOLDERS: Final = ("article", "main")


def is_about_others(element: Element) -> bool:
    """Tell whether an element's names say that it tells of other articles, or of the site."""
    return bool(element.attributes and (names := element.names) and _OTHERS.search(names))


def is_comments(element: Element) -> bool:
    """Tell whether an element's names say that readers' comments stand in it."""
    return bool(element.attributes and (names := element.names) and _COMMENTS.search(names))


def is_of_site(element: Element) -> bool:
    """Tell whether an element's tag or role says so; header, footer and aside of an article are its own."""
    if element.tag in _ASIDE_TAGS:
        return True
    is_own = element.tag in _SITE_TAGS or element.attributes.get("role", "").lower() in _ROLES
    return is_own and not element.is_within(*_HOLDERS)


def heads_others(text: str) -> bool:
    """Tell whether a line is a heading over other articles: 相关阅读."""
    return len(text) <= MAX_HEAD_CHARS + 8 and _HEADS.fullmatch(text.strip()) is not None


def leads_elsewhere(text: str) -> bool:
    """Tell whether a line says before its link that it leads to another article: 延伸阅读：…, 点击查看 …."""
    return _LEADS_ELSEWHERE.match(text.strip()) is not None


def is_furniture(text: str) -> bool:
    """Tell whether a line is one of those that sites put round any article: 版权所有, 上一篇, 扫一扫."""
    bare = text.strip(" •|·【[")
    if len(text) > MAX_FURNITURE_CHARS or not _FURNITURE.match(bare):
        return False
    return len(bare) < SENTENCE_CHARS or not bare.endswith("。") or _NOTICE.match(bare) is not None
