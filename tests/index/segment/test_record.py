"""index.segment.record: a line of a corpus file as an article, with what its fields say beside the text."""

from index.build.beside import with_beside
from index.records import Article, Document
from index.segment import split_articles

TEXT = "本报讯 旧纺织厂昨天变身体育公园，向居民免费开放。"


def article_of(**fields: object) -> Article:
    (article,) = split_articles(Document("a.jsonl", "1", TEXT, "record", title="旧厂房变身体育公园", metadata=fields))
    return article


def test_kicker_deck_and_captions_of_a_line_are_found_like_those_of_a_page() -> None:
    article = article_of(
        kicker="投资8600万元", deck=" 可容纳 1500人 ", captions=["公园里的12片球场"], subheads=["免费开放"]
    )
    assert (article.kicker, article.deck, article.captions) == ("投资8600万元", "可容纳 1500人", ("公园里的12片球场",))
    assert article.subheads == ("免费开放",)
    assert with_beside(article).text == f"{TEXT}\n投资8600万元\n可容纳 1500人\n公园里的12片球场"


def test_fields_of_other_types_stay_metadata() -> None:
    article = article_of(kicker={"a": 1}, deck=None, captions=[1, 2], subheads=7)
    assert (article.kicker, article.deck, article.captions, article.subheads) == (None, None, (), ())
    assert article.metadata["kicker"] == {"a": 1}
    assert not article.beside
