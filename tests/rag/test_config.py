import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from repository import ROOT

from rag.config import Settings, environment_name, export_settings, load_settings, usable_cache
from rag.errors import SettingsError

EXAMPLE = ROOT / ".env.example"
NAMES = sorted(environment_name(field) for field in Settings.__dataclass_fields__)
LLM = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_MODEL": "m"}

# What an operator may write, and what the message must then say besides the variable's name.
MALFORMED: dict[str, tuple[dict[str, str], str]] = {
    "no whole number": ({"WENJU_TOP_K": "eight"}, "not a int"),
    "a fraction for a whole number": ({"WENJU_TOP_K": "8.5"}, "not a int"),
    "no number": ({"WENJU_LLM_IDLE_TIMEOUT_S": "20s"}, "not a float"),
    "zero": ({"WENJU_TOP_K": "0"}, "must be 1 or more"),
    "zero tokens": ({"WENJU_LLM_ANSWER_TOKENS": "0"}, "must be"),
    "a time that has passed": ({"WENJU_LLM_TOTAL_TIMEOUT_S": "-1"}, "=-1.0: must be seconds, more than 0"),
    "a time without end": ({"WENJU_LLM_TOTAL_TIMEOUT_S": "inf"}, "must be seconds, more than 0"),
    "a negative count": ({"WENJU_RATE_PER_KEY": "-1"}, "must be 0 or more"),
    "no truth": ({"WENJU_AUDIT_QUESTIONS": "maybe"}, "write true or false"),
    "a cost beyond all": ({"WENJU_WRONG_ANSWER_COST": "100"}, "must be from 0, which refuses nothing, to 99"),
    "a time that is no number": ({"WENJU_LLM_IDLE_TIMEOUT_S": "nan"}, "must be"),
    "a port that no machine has": ({"WENJU_PORT": "80000"}, "must be 65535 or less"),
    "another vector store": ({"WENJU_VECTOR_STORE": "chroma"}, "faiss"),
    "an answer as long as the context": ({"WENJU_LLM_ANSWER_TOKENS": "8000"}, "WENJU_LLM_CONTEXT_TOKENS"),
    "a log level that does not exist": ({"WENJU_LOG_LEVEL": "loud"}, "INFO"),
    "a misspelt name": ({"WENJU_TOPK": "8"}, "WENJU_TOP_K"),
    "an address without a scheme": (LLM | {"OPENAI_BASE_URL": "localhost:8000/v1"}, "http"),
    "an address of another scheme": (LLM | {"OPENAI_BASE_URL": "ftp://a/v1"}, "http"),
    "an address without a host": (LLM | {"OPENAI_BASE_URL": "http:///v1"}, "http"),
    "an address with an open bracket": (LLM | {"OPENAI_BASE_URL": "http://[::1/v1"}, "http"),
    "an address with a port that is none": (LLM | {"OPENAI_BASE_URL": "http://a:http/v1"}, "http"),
    "an address without a model": ({"OPENAI_BASE_URL": "http://a/v1"}, "OPENAI_MODEL"),
}


def load(values: dict[str, str] | None = None, env_file: Path | None = None) -> Settings:
    return load_settings(values or {}, env_file)


@pytest.fixture
def own_environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_the_example_file_and_the_settings_name_the_same_keys() -> None:
    keys = re.findall(r"^(?:# ?)?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    assert sorted(keys) == NAMES


def test_every_key_of_the_example_file_has_a_comment_above_it() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(?:# ?)?[A-Z][A-Z0-9_]+=", line):
            above = lines[number - 1] if number else ""
            assert above.startswith("#"), line
            assert re.search(r"[a-z\u4e00-\u9fff]", above), line


def test_the_example_file_as_it_is_makes_the_default_settings() -> None:
    assert load(env_file=EXAMPLE) == load()


def test_the_lines_of_the_example_file_show_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(re.sub(r"^# ?(?=[A-Z][A-Z0-9_]+=)", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    shown = load({"OPENAI_MODEL": "m"}, file)  # without a model an address is an error
    assert replace(shown, openai_base_url=None, openai_model=None) == load()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("WENJU_TOP_K=3\nWENJU_PORT=81\n")
    settings = load({"WENJU_TOP_K": "5"}, file)
    assert (settings.top_k, settings.port) == (5, 81)


def test_an_empty_variable_takes_back_what_the_file_sets(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("\n".join(f"{name}={value}" for name, value in LLM.items()))
    assert load(env_file=file).has_llm
    assert not load({"OPENAI_BASE_URL": ""}, file).has_llm


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert load(env_file=tmp_path / ".env").top_k == 8


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("# 端口\nWENJU_PORT=81\n".encode("gb18030"))
    with pytest.raises(SettingsError, match=re.escape(str(file))):
        load(env_file=file)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_setting_is_refused_by_its_name_and_with_what_to_do(name: str) -> None:
    values, advice = MALFORMED[name]
    with pytest.raises(SettingsError) as failure:
        load(values)
    assert any(variable in str(failure.value) for variable in values)
    assert advice in str(failure.value)


def test_a_key_alone_is_no_error_and_no_llm() -> None:
    settings = load({"OPENAI_API_KEY": "sk-left-over-from-something-else"})
    assert not settings.has_llm


def test_a_model_alone_is_no_error_and_no_llm() -> None:
    assert not load({"OPENAI_MODEL": "m"}).has_llm


def test_an_address_and_a_model_are_an_llm() -> None:
    assert load(LLM).has_llm


def test_variables_of_other_programs_are_passed_over() -> None:
    assert load({"OPENAI_ORG_ID": "x", "PATH": "/bin", "wenju_top_k": "3"}).top_k == 8


def test_lists_are_split_at_commas_and_trimmed() -> None:
    settings = load({"WENJU_API_KEYS": " a, b,,钥匙 "})
    assert settings.api_keys == ("a", "b", "钥匙")


def test_folders_default_to_the_users_own() -> None:
    settings = load()
    assert settings.index_dir.is_absolute()
    assert settings.cache_dir.is_absolute()
    assert settings.index_dir != settings.cache_dir


def test_a_user_without_a_home_has_a_cache_among_the_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    assert usable_cache(tmp_path / "new" / "cache") == tmp_path / "new" / "cache"
    nowhere = tmp_path / "file" / "cache"
    instead = usable_cache(nowhere)
    assert instead.parent == tmp_path / "temporary"
    assert instead.stat().st_mode & 0o777 == 0o700, "made at once, and for nobody else"
    assert usable_cache(nowhere) == instead
    instead.chmod(0o777)  # where others may have put something
    assert usable_cache(nowhere) == nowhere
    instead.rmdir()
    instead.symlink_to(tmp_path / "new")  # where another user may have put it
    assert usable_cache(nowhere) == nowhere


def test_exported_settings_come_back_the_same_in_a_worker(own_environment: None, tmp_path: Path) -> None:
    settings = replace(
        load(LLM | {"WENJU_API_KEYS": "a,钥匙", "WENJU_ALLOWED_ORIGINS": "http://a, http://b"}),
        index_dir=tmp_path / "an index",
        prompts_dir=tmp_path,
        dictionary=tmp_path / "names.txt",
        llm_idle_timeout_s=0.25,
        log_level="DEBUG",
        port=81,
    )
    export_settings(settings)
    assert load_settings(env_file=None) == settings


def test_default_settings_come_back_the_same_in_a_worker(own_environment: None) -> None:
    settings = load()
    export_settings(settings)
    assert load_settings(env_file=None) == settings


def test_an_error_over_another_setting_does_not_show_the_key() -> None:
    with pytest.raises(SettingsError) as failure:
        load({"OPENAI_API_KEY": "sk-secret", "WENJU_API_KEYS": "also-secret", "WENJU_TOP_K": "x"})
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(
    ("text", "truth"),
    [("true", True), ("TRUE", True), ("1", True), ("Yes", True), ("false", False), ("0", False), ("no", False)],
)
def test_truth_is_written_in_any_of_its_words(text: str, truth: bool) -> None:
    assert load({"WENJU_AUDIT_QUESTIONS": text}).audit_questions is truth


def test_a_number_may_begin_with_its_point_and_a_path_with_the_users_folder() -> None:
    settings = load({"WENJU_WRONG_ANSWER_COST": ".25", "WENJU_PROMPTS_DIR": "~/prompts"})
    assert (settings.wrong_answer_cost, settings.prompts_dir) == (0.25, Path("~/prompts").expanduser())
