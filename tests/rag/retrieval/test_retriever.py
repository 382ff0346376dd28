import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build_index
from index.embedding.embedder import Embedder
from index.language.sentences import find_content_sentences
from index.records import PartialDate
from index.store import Generation, open_generation
from rag.records import Query, Timings
from rag.retrieval.deduplicate import PER_ARTICLE
from rag.retrieval.retriever import Retriever

Corpus = list[dict[str, str | None]]
FERRY = (
    "望津渡始设于明万历十二年，起初只有木船两条，渡夫四人，由官府给米。到了清代中叶，澜江下游的米、盐、竹器都在这里换船，"
    "渡口两岸开了三十多家货栈，入夜灯火不息，列为云汀八景之一。"
)
# One article of many chunks that all speak of tea, some short ones, the same report in two papers, one without a date.
CORPUS: Corpus = [
    {
        "_id": "tea",
        "title": "青坞镇茶园",
        "date": "2021-09-03",
        "text": "\n".join(
            f"第{number}茶园今年秋茶采茶{number * 37}斤，茶农说茶叶好，茶价高，制茶的车间每天开到夜里，镇里请来老师讲茶园管理，"
            f"第{number}车间炒制一锅茶的时间缩短到{number + 20}分钟，茶农们把采来的茶叶送到这里加工，再卖到外省的茶叶市场上去。"
            f"去年冬天修剪下来的枝条集中粉碎还田，今年茶园停用化学除草剂，改由人工除草，并安装太阳能杀虫灯{number * 11}盏。"
            for number in range(1, 9)
        ),
    },
    {
        "_id": "tea-2",
        "title": "茶园步道",
        "date": "2021-10-01",
        "text": "青坞镇把茶园步道与绿道连起来，请游客看茶、喝茶。",
    },
    {
        "_id": "tea-3",
        "title": "茶农网上卖茶",
        "date": "2022-03",
        "text": "茶农卜春苗在网上卖茶，一个月接了三百多单茶叶。",
    },
    {"_id": "tea-4", "title": "茶园认养", "date": "2023", "text": "市民可以认养茶园里的茶树，每株每年六十元。"},
    {"_id": "tea-5", "title": "老茶树", "date": None, "text": "村口有一棵老茶树，没有人记得是哪一年种下的茶。"},
    {"_id": "ferry", "title": "望津古渡", "date": "2020-11-24", "text": FERRY},
    {
        "_id": "ferry-again",
        "title": "古渡灯火",
        "date": "2022-01-18",
        "text": FERRY.replace("，", "， ") + "本报转载。",
    },
    {"_id": "ferry-2", "title": "渡口石灯", "date": "2024-03-12", "text": "三盏石灯立在望津旧渡口，每天傍晚六点点亮。"},
]


# The same report every January of the year before, the director of a library in four years, the same notice of no year.
YEARLY: Corpus = [
    {
        "_id": f"air-{year}",
        "title": f"{year}年云汀区空气质量公报",
        "date": f"{year + 1}-01-20",
        "text": f"云汀区生态环境局昨日发布公报：{year}年，全区PM2.5年均浓度为{level}微克/立方米，优良天数{days}天。"
        f"区生态环境局负责人说，{year}年全区淘汰老旧柴油货车{level * 7}辆，工地扬尘在线监测全部接通。",
    }
    for year, level, days in [(2019, 48, 262), (2020, 42, 281), (2021, 37, 295), (2022, 33, 309)]
]
HOLDERS: Corpus = [
    {
        "_id": f"library-{year}",
        "title": "区图书馆办读书节",
        "date": f"{year}-04-23",
        "text": f"区图书馆读书节昨日开幕，区图书馆馆长{name}向读者赠书，并介绍了馆里新添的阅览座位。",
    }
    for year, name in [(2021, "苏见清"), (2023, "顾砚舟"), (2019, "林亦舟"), (2022, "简知宁")]
]
LANTERNS: Corpus = [
    {
        "_id": f"lantern-{month}",
        "title": "老街灯会",
        "date": f"2022-{month:02}-15",
        "text": f"老街灯会展出花灯三百盏，{place}猜灯谜、吃汤圆，灯会由{host}举办，凭身份证免费入场，开到夜里十点。",
    }
    for month, place, host in [(1, "孩子们", "镇上"), (9, "老人们", "街道"), (5, "游客们", "商会")]
]


def opened(lines: Corpus, folder: Path, embedder: Embedder) -> Generation:
    corpus = folder / "corpus.jsonl"
    corpus.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    build_index([corpus], folder / "index", embedder)
    return open_generation(folder / "index")


@pytest.fixture(scope="module")
def archive(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    generation = opened(CORPUS, tmp_path_factory.mktemp("archive"), embedder)
    yield generation
    generation.close()


@pytest.fixture(scope="module")
def yearly(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    """An archive in which the same is told of several years."""
    generation = opened([*YEARLY, *HOLDERS, *LANTERNS], tmp_path_factory.mktemp("yearly"), embedder)
    yield Retriever(generation, embedder)
    generation.close()


@pytest.fixture
def retriever(sample: Generation, embedder: Embedder) -> Retriever:
    return Retriever(sample, embedder)


@pytest.fixture
def finder(archive: Generation, embedder: Embedder) -> Retriever:
    return Retriever(archive, embedder)


def ids(finder: Retriever, text: str, **options: object) -> list[str]:
    return [passage.doc_id for passage in finder.retrieve(Query(text, **options)).passages]  # type: ignore[arg-type]


def test_as_many_passages_come_as_are_asked_for(retriever: Retriever) -> None:
    for top_k in (1, 3, 10):
        assert len(retriever.retrieve(Query("PM2.5年均浓度", top_k=top_k)).passages) == top_k


def test_more_than_the_archive_has_gives_what_it_has(archive: Generation, finder: Retriever) -> None:
    found = ids(finder, "茶", top_k=500)
    assert 0 < len(found) <= archive.manifest.counts.chunks
    assert set(found) >= {"tea", "tea-2", "tea-3", "tea-4", "tea-5", "ferry-2"}


def test_passages_are_ranked_by_their_fused_score(retriever: Retriever) -> None:
    passages = retriever.retrieve(Query("白鹭湿地公园总投资多少", top_k=12)).passages
    assert [passage.rank for passage in passages] == list(range(1, 13))
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)


def test_a_passage_is_its_slice_of_its_article(retriever: Retriever) -> None:
    found = retriever.retrieve(Query("“民声快办”受理诉求多少件", top_k=20))
    for passage in found.passages:
        assert found.articles[passage.article_id].text[passage.start : passage.end] == passage.text
        assert passage.text.strip()


def test_every_passage_comes_with_its_article_and_no_other(retriever: Retriever) -> None:
    found = retriever.retrieve(Query("望津桥", top_k=5))
    assert {passage.article_id for passage in found.passages} == set(found.articles)


def test_cosine_is_the_exact_one(retriever: Retriever, sample: Generation, embedder: Embedder) -> None:
    question = "望津桥全长多少米？"
    best = retriever.retrieve(Query(question)).passages[0]
    chunk = next(c for c in sample.catalogue.chunks(range(len(sample.vectors))) if c.id == best.chunk_id)
    vector = embedder.embed_queries([question])[0]
    assert best.cosine == pytest.approx(float(sample.vectors.vectors([chunk.row])[0] @ vector), abs=1e-4)


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("2020年全区PM2.5年均浓度", "云汀报_2021-01-15_01版.txt"),
        ("望津古渡石碑", "云汀报_2020-11-24_02版.txt"),
        ("白鷺濕地公園總投資", "云汀报_2020-05-19_01版.txt"),  # traditional characters over a simplified archive
        ("When did the new Wangjin Bridge open to traffic?", "Yunting-Daily_2024-10-18_p2.txt"),
        ("How large is Egret Wetland Park?", "Yunting-Daily_2023-06-09_p1.txt"),
    ],
)
def test_a_question_finds_its_page_first(retriever: Retriever, question: str, source: str) -> None:
    assert retriever.retrieve(Query(question)).passages[0].source == source


def test_an_english_question_finds_a_chinese_report(retriever: Retriever) -> None:
    passages = retriever.retrieve(Query("Which choir won first prize at the community choral festival?")).passages
    assert "云汀报_2022-07-01_03版.txt" in [passage.source for passage in passages[:5]]


def test_a_date_filter_lets_only_articles_of_its_range_through(retriever: Retriever) -> None:
    first, last = PartialDate("2021-01-01"), PartialDate("2021-12-31")
    passages = retriever.retrieve(Query("区长", first=first, last=last, top_k=30)).passages
    assert passages
    assert {passage.date[:4] for passage in passages if passage.date} == {"2021"}
    assert all(passage.date for passage in passages)


def test_a_date_filter_works_inside_the_search(retriever: Retriever) -> None:
    # The best passages for this question are of 2021 and later; filtered afterwards, few of 2020 would remain.
    query = Query("PM2.5年均浓度", first=PartialDate("2020"), last=PartialDate("2020"), top_k=6)
    assert len(retriever.retrieve(query).passages) == 6


def test_both_ends_of_a_date_filter_are_inclusive(retriever: Retriever) -> None:
    day = PartialDate("2022-06-29")
    passages = retriever.retrieve(Query("区长", first=day, last=day, top_k=30)).passages
    assert {passage.date for passage in passages} == {"2022-06-29"}


@pytest.mark.parametrize(("first", "last"), [("2021", None), (None, "2024"), ("1900", "2100")])
def test_an_undated_article_passes_no_date_filter(finder: Retriever, first: str | None, last: str | None) -> None:
    assert "tea-5" in ids(finder, "老茶树", top_k=500)
    limits = {"first": PartialDate(first) if first else None, "last": PartialDate(last) if last else None}
    assert "tea-5" not in ids(finder, "老茶树", top_k=500, **limits)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2022-03-15", "2022-04-30", {"tea-3"}),  # dated 2022-03: it may have been printed in the second half
        ("2023-06", "2023-06", {"tea-4"}),  # dated 2023
        ("2021-09-04", "2021-09-30", set()),
    ],
)
def test_a_coarse_date_passes_where_it_may_lie_in_the_range(
    finder: Retriever, first: str, last: str, found: set[str]
) -> None:
    assert set(ids(finder, "茶", top_k=500, first=PartialDate(first), last=PartialDate(last))) == found


def test_a_range_without_articles_finds_nothing(retriever: Retriever) -> None:
    found = retriever.retrieve(Query("公园", first=PartialDate("1999"), last=PartialDate("1999")))
    assert found.passages == ()
    assert found.articles == {}


def test_one_article_does_not_crowd_out_the_others(finder: Retriever) -> None:
    found = ids(finder, "茶园采茶、炒茶的车间", top_k=PER_ARTICLE + 4)
    assert Counter(found)["tea"] == PER_ARTICLE
    assert {"tea-2", "tea-3", "tea-4", "tea-5"} <= set(found)


def test_what_stays_free_is_filled_from_the_same_article(finder: Retriever) -> None:
    day = PartialDate("2021-09-03")
    assert len(ids(finder, "茶园", top_k=5, first=day, last=day)) == 5 > PER_ARTICLE


def test_a_report_printed_twice_takes_one_place(finder: Retriever) -> None:
    found = ids(finder, "望津渡始设于哪一年", top_k=500)
    assert len({"ferry", "ferry-again"} & set(found)) == 1
    assert "ferry-2" in found


def test_the_reprint_that_takes_no_place_is_named(finder: Retriever) -> None:
    passages = finder.retrieve(Query("望津渡始设于哪一年", top_k=500)).passages
    printed = next(passage for passage in passages if passage.doc_id in {"ferry", "ferry-again"})
    assert {printed.doc_id, *printed.also_in} == {"ferry", "ferry-again"}
    assert not any(passage.also_in for passage in passages if passage is not printed)


def test_the_stages_leave_their_times(retriever: Retriever) -> None:
    timings = Timings()
    retriever.retrieve(Query("公园"), timings=timings)
    for stage in ("embed", "search", "fuse"):
        assert (timings.stages[stage] or 0) > 0
    assert timings.stages["llm"] is None


def test_the_same_query_finds_the_same(retriever: Retriever) -> None:
    query = Query("区长在防汛演练上要求什么")
    assert retriever.retrieve(query) == retriever.retrieve(query)


@pytest.mark.parametrize("text", ["?", "🙂", "asdkjqwe", "的" * 300, "\u0000"])
def test_odd_texts_are_searched_without_an_error(retriever: Retriever, text: str) -> None:
    assert retriever.retrieve(Query(text, top_k=3)).passages


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022])
def test_the_report_of_the_year_asked_for_comes_before_those_of_other_years(yearly: Retriever, year: int) -> None:
    assert ids(yearly, f"{year}年云汀区PM2.5年均浓度是多少？")[0] == f"air-{year}"


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022])
@pytest.mark.parametrize(
    "question", ["去年云汀区PM2.5年均浓度是多少？", "What was the annual average PM2.5 concentration last year?"]
)
def test_last_year_is_counted_from_the_day_of_asking(yearly: Retriever, question: str, year: int) -> None:
    assert ids(yearly, question, today=PartialDate(f"{year + 1}-05-06"))[0] == f"air-{year}"


@pytest.mark.parametrize("year", [2020, 2021])
def test_an_english_question_with_a_year_finds_the_chinese_report_of_it(yearly: Retriever, year: int) -> None:
    assert ids(yearly, f"What was the annual average PM2.5 concentration in {year}?")[0] == f"air-{year}"


@pytest.mark.parametrize(
    "question", ["区图书馆馆长是谁？", "现任区图书馆馆长是谁？", "Who is the director of the district library?"]
)
def test_of_those_who_held_an_office_the_newest_comes_first(yearly: Retriever, question: str) -> None:
    assert ids(yearly, question, today=PartialDate("2024-05-06"))[0] == "library-2023"


def test_who_held_an_office_in_a_year_is_told_by_that_year(yearly: Retriever) -> None:
    assert ids(yearly, "2021年区图书馆馆长是谁？", today=PartialDate("2024-05-06"))[0] == "library-2021"


def test_of_equal_reports_the_newest_comes_first(yearly: Retriever) -> None:
    assert ids(yearly, "老街灯会展出花灯多少盏，几点结束？", top_k=3)[0] == "lantern-9"


@pytest.mark.parametrize("question", ["2022年云汀区PM2.5年均浓度是多少？", "现任区图书馆馆长是谁？"])
@pytest.mark.parametrize(("first", "last"), [("2019", "2020"), ("2021-01-20", "2021-04-23"), ("2023-02", "2023-12")])
def test_whatever_is_asked_nothing_outside_a_date_filter_is_returned(
    yearly: Retriever, question: str, first: str, last: str
) -> None:
    limits = {"first": PartialDate(first), "last": PartialDate(last)}
    passages = yearly.retrieve(Query(question, top_k=500, **limits)).passages  # type: ignore[arg-type]
    assert passages
    for passage in passages:
        assert passage.date
        assert first <= passage.date[: len(first)]
        assert passage.date[: len(last)] <= last


@pytest.mark.parametrize(
    ("question", "doc_id"),
    [
        ("How many tea trees can residents adopt, and what does one cost a year?", "tea-4"),
        ("Who sells tea online?", "tea-3"),
        ("When are the stone lanterns at the ferry lit?", "ferry-2"),
    ],
)
def test_an_english_question_finds_its_article_in_a_chinese_archive(
    finder: Retriever, question: str, doc_id: str
) -> None:
    assert ids(finder, question)[0] == doc_id


def test_every_passage_comes_with_the_cosines_of_its_statements(retriever: Retriever) -> None:
    found = retriever.retrieve(Query("望津桥全长多少米？", top_k=5))
    assert set(found.sentence_cosines) == {passage.chunk_id for passage in found.passages}
    for passage in found.passages:
        assert len(found.sentence_cosines[passage.chunk_id]) == len(find_content_sentences(passage.text))
        assert all(-1.01 <= cosine <= 1.01 for cosine in found.sentence_cosines[passage.chunk_id])


def test_an_archive_of_one_short_article_answers_from_it(embedder: Embedder, tmp_path: Path) -> None:
    generation = opened([{"_id": "one", "text": "丰收。"}], tmp_path, embedder)
    finder = Retriever(generation, embedder)
    for question in ("今年丰收了吗？", "Was the harvest good?", "？？"):
        assert ids(finder, question) == ["one"]
    assert ids(finder, "丰收", first=PartialDate("2020")) == []
    generation.close()


@pytest.mark.parametrize(
    "text", ["the of", "公园" * 1000, "What did the district head demand?", "區長在防汛演練上要求什麼"]
)
def test_scores_of_any_question_are_finite_and_fall(retriever: Retriever, text: str) -> None:
    scores = [passage.score for passage in retriever.retrieve(Query(text, top_k=50)).passages]
    assert scores
    assert all(math.isfinite(score) for score in scores)
    assert scores == sorted(scores, reverse=True)
