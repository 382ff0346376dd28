"""What is known of an archive beside its passages."""

from index.store import Generation
from rag.verification.archive import Archive, archive_of


def test_the_archives_own_district_is_home_and_another_is_not(town_archive: Archive) -> None:
    assert town_archive.is_home("青屿区")
    assert not town_archive.is_home("柳湾镇")
    assert not town_archive.is_home("梁若水")


def test_words_weigh_by_how_few_reports_have_them(town_archive: Archive) -> None:
    frequent, rare = town_archive.lexical.idf(["会议", "轮渡"])
    assert 0 < frequent < rare


def test_whether_a_name_is_home_is_asked_once(town: Generation, town_archive: Archive) -> None:
    assert town_archive.bears_out
    assert town_archive.translate
    archive = archive_of(town, town_archive.bears_out, town_archive.translate)
    archive.is_home("青屿区")
    archive.is_home("青屿区")
    assert archive.is_home.cache_info().hits == 1  # type: ignore[attr-defined]
