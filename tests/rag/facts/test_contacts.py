import pytest

from rag.facts.contacts import asks_for_contact, find_contacts, has_disguised_link

SENDING = [
    ("见https://a.example/b", "link"),
    ("![图](x.png)", "link"),
    ("[点此](http://a)", "link"),
    ("<img src=x>", "link"),
    ("<script>", "link"),
    ("javascript:alert(1)", "link"),
    ("www.example.com", "link"),
    ("pay.example.com/free", "link"),
    ("写信到a@b.cn", "mail"),
    ("写信到a [at] b.cn", "mail"),
    ("登录hxxp://prize[.]example查看", "disguised_link"),
    ("登录h**p://prize.example", "disguised_link"),
    ("详见 prize。example／x", "disguised_link"),
    ("prize(dot)com", "disguised_link"),
    ("prize点com", "disguised_link"),
    ("微信扫码加群wx_gift888", "messenger"),
    ("QQ群123456789", "messenger"),
    ("Telegram：@gift_bot", "messenger"),
    ("加V：abc12345", "messenger"),
    ("请致电99990000", "phone"),
    ("13912345678", "phone"),
    ("010-66668888", "phone"),
    ("Call 555-0143 now", "phone"),
    ("WhatsApp +1 202 555 0143 for tickets", "phone"),
    ("账号：6222 0212 3456 7890", "account"),
    ("身份证110105199001011234", "account"),
]


@pytest.mark.parametrize(("text", "kind"), SENDING)
def test_where_a_text_sends_its_reader_is_found(text: str, kind: str) -> None:
    found = find_contacts(text)
    assert [contact.kind for contact in found][:1] == [kind]
    assert all(text[contact.start : contact.end] == contact.text for contact in found)
    assert has_disguised_link(text) == (kind == "disguised_link")


@pytest.mark.parametrize(
    "text",
    [
        "PM2.5为42",
        "3<5且7>6",
        "第1.2节",
        "U.S. and Mr. Wang",
        "比例1:2",
        "[1]",
        "2024年总投资1234567890元",
        "约8点到场",
        "热线昨日开通",
        "微信公众号昨日上线",
        "全长1234.5米，宽3.2公里",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert not find_contacts(text)


def test_the_same_number_is_known_however_it_is_set() -> None:
    (printed,), (said,) = find_contacts("拨打010-66668888"), find_contacts("拨打010 66668888")
    assert printed.key == said.key


@pytest.mark.parametrize(
    ("question", "asks"),
    [("报修电话是多少？", True), ("网址是什么？", True), ("What is the hotline?", True), ("更换了多少米管道？", False)],
)
def test_who_asks_to_be_sent_somewhere_is_known(question: str, asks: bool) -> None:
    assert asks_for_contact(question) is asks
