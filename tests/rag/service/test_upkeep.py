"""rag.service.upkeep: what is damaged beside the generations is told by /ready and in the log, and goes when it is mended."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from api_server import running, wait_for
from quick_embedder import QuickEmbedder

from index.build import build_index
from index.build.jobs import BuildJob
from index.build.worker import carry_out
from index.store.documents import DOCUMENTS_FOLDER
from index.store.ledger import WITHDRAWN
from rag.cli import main
from rag.config import Settings
from rag.service.upkeep import CHECK_EVERY_S, Upkeep

NOTE = {"source": "公告.txt", "text": "停水公告\n\n本报讯 柳岸小区周五停水检修，预计六小时。\n"}


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """An index of one page and one posted document."""
    page = tmp_path / "早市.txt"
    page.write_text("早市延长时间\n\n本报讯 盐仓早市从6月起提前到五点半开门。\n", "utf-8")
    build_index([page], tmp_path / "index", QuickEmbedder())
    job = BuildJob(str(tmp_path / "index"), str(tmp_path), "bundled", documents=[NOTE])
    assert carry_out(job, lambda *_: QuickEmbedder()).failure is None
    return tmp_path / "index"


@pytest.mark.anyio
async def test_damage_is_noticed_where_something_was_written_and_else_after_a_while(
    index_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    upkeep = Upkeep(index_dir, clock=lambda: now)

    async def damage() -> str | None:
        await upkeep.look()
        return upkeep.damage

    assert await damage() is None
    note = index_dir / DOCUMENTS_FOLDER / NOTE["source"]
    text = note.read_text("utf-8")
    note.write_text(text.replace("六小时", "九小时"), "utf-8")  # in place: its folder is as it was
    assert await damage() is None
    now += CHECK_EVERY_S
    with caplog.at_level(logging.ERROR):
        assert str(note) in str(await damage())
    assert str(note) in caplog.text
    note.unlink()
    note.write_text(text, "utf-8")
    assert await damage() is None


def test_what_is_served_goes_on_while_the_list_is_lost_and_the_doctor_brings_it_back(
    index_dir: Path, base: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = index_dir / WITHDRAWN
    at = ["--index-dir", str(index_dir)]
    with running(replace(base, index_dir=index_dir)) as site:
        wait_for(lambda: site.get("/ready").json["status"] == "ok", 10)
        lost.unlink()
        wait_for(lambda: site.get("/ready").json["status"] == "degraded", 10)
        told = site.get("/ready")
        assert (told.status, str(lost) in told.json["message"]) == (200, True)
        assert "六小时" in site.ask(question="柳岸小区停水检修预计多久？").json["answer"]
    assert main(["index", str(index_dir.parent / "早市.txt"), *at]) == 5
    assert str(lost) in capsys.readouterr().err
    assert main(["doctor", *at]) == 1
    assert f"FAIL  documents: {lost}" in capsys.readouterr().out
    main(["doctor", "--repair", *at])
    assert "ok    documents: 1 posted" in capsys.readouterr().out
    assert lost.exists()
