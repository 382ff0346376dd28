"""index.store.catalogue_writer: a disk that takes no more is told in words."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import IndexWriteError
from index.files import NewFiles
from index.records import Rejected
from index.store.catalogue_writer import writing_catalogue


@contextmanager
def files_up_to(size_bytes: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(folder: Path) -> None:
    with writing_catalogue(NewFiles(folder)) as writer:
        for number in range(5000):
            writer.add_rejections([Rejected(f"{number}.txt", None, "empty", "nothing " * 40, "leave it out")])


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size")
@pytest.mark.parametrize("size_bytes", [0, 4096, 40_960, 200_000])
def test_a_full_disk_is_told_with_the_folder_and_a_remedy(tmp_path: Path, size_bytes: int) -> None:
    with files_up_to(size_bytes), pytest.raises(IndexWriteError, match="cannot be written") as caught:
        fill(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert "--index-dir" in str(caught.value)
