"""index.build.kept_vectors: what a build had embedded when it was stopped is not embedded again, and nothing else is believed."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from quick_embedder import QuickEmbedder

from index.build import build_index, kept_vectors
from index.build.kept_vectors import BATCH, KEPT, KeptVectors
from index.embedding.embedder import EmbedderSpec
from index.records import Float32
from index.store import open_generation

TEXTS = [f"第{number}号社区昨天举办活动。" for number in range(3 * BATCH)]


class StoppedError(Exception):
    pass


class StoppingEmbedder(QuickEmbedder):
    """Stops when it has embedded so many texts."""

    def __init__(self, after: int = 10**9) -> None:
        self.after, self.passages = after, 0

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Float32:
        if self.passages >= self.after:
            raise StoppedError
        self.passages += len(texts)
        return super().embed_passages(texts, progress)


def pages(folder: Path) -> Path:
    folder.mkdir()
    for number in range(80):
        text = f"社区活动{number}\n\n　　本报讯（记者 林亦舟）第{number}号社区昨天举办活动，{number + 20}人参加，活动由居委会组织。\n"
        (folder / f"云汀报_2023-04-06_{number:02}版.txt").write_text(text, "utf-8")
    return folder


def test_a_stopped_build_goes_on_where_it_was_and_keeps_nothing_when_it_is_done(tmp_path: Path) -> None:
    archive = pages(tmp_path / "pages")
    with pytest.raises(StoppedError):
        build_index([archive], tmp_path / "index", StoppingEmbedder(BATCH))
    assert list((tmp_path / "index" / KEPT).iterdir())
    going_on, anew = StoppingEmbedder(), StoppingEmbedder()
    built = build_index([archive], tmp_path / "index", going_on)
    other = build_index([archive], tmp_path / "anew", anew)
    assert going_on.passages == anew.passages - BATCH
    assert built.manifest.counts.embedded == other.manifest.counts.embedded - BATCH
    assert built.manifest.files == other.manifest.files
    assert not (tmp_path / "index" / KEPT).exists()
    open_generation(tmp_path / "index").close()


def stop(folder: Path) -> Path:
    with pytest.raises(StoppedError):
        KeptVectors(StoppingEmbedder(2 * BATCH), folder).embed_passages(TEXTS)
    return sorted((folder / KEPT).iterdir())[0]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data[:200] + b"x" + data[201:], lambda _data: b""]
)
def test_a_file_that_is_not_what_was_written_is_not_believed(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = stop(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    embedder = StoppingEmbedder()
    vectors = KeptVectors(embedder, tmp_path).embed_passages(TEXTS)
    assert embedder.passages == len(TEXTS) - BATCH
    np.testing.assert_array_equal(vectors, QuickEmbedder().embed_passages(TEXTS))


def test_vectors_of_another_model_are_not_taken(tmp_path: Path) -> None:
    stop(tmp_path)
    embedder = StoppingEmbedder()
    embedder.spec = EmbedderSpec("another", 384, 512, "", "")
    KeptVectors(embedder, tmp_path).embed_passages(TEXTS)
    assert embedder.passages == len(TEXTS)


def test_nothing_is_kept_where_the_index_itself_may_want_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_vectors, "MAX_KEPT_BYTES", 1000)
    KeptVectors(QuickEmbedder(), tmp_path).embed_passages(TEXTS)
    assert not (tmp_path / KEPT).exists()
