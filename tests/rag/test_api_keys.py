import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.api_keys import ApiKey, find_key, new_key, parse_keys
from rag.cli.command_line import run
from rag.config import export_settings, load_settings
from rag.errors import SettingsError

LONG = "k" * 16 + "-of-the-widget"
HEX = hashlib.sha256(LONG.encode()).hexdigest()

# Entries of WENJU_API_KEYS, and what the message must say; it must never say the key.
MALFORMED: dict[str, tuple[list[str], str]] = {
    "an unknown role": ([f"oa:root:{LONG}"], "role"),
    "no role": ([f"oa:{LONG}"], "role"),
    "an empty role": ([f"oa::{LONG}"], "role"),
    "no name": ([f":ask:{LONG}"], "name"),
    "a name with a space": ([f"o a:ask:{LONG}"], "name"),
    "a name with a line break": ([f"o\na:ask:{LONG}"], "name"),
    "a key that can be guessed": (["oa:ask:secretshort"], "16 characters"),
    "no key": (["oa:ask:"], "16 characters"),
    "a hash cut short": ([f"oa:ask:sha256:{HEX[:-1]}"], "64"),
    "a hash that is none": ([f"oa:ask:sha256:{'g' * 64}"], "64"),
    "a name twice": ([f"oa:ask:{LONG}", f"oa:administer:{LONG}x"], "two keys are named oa"),
    "the name of a plain key": (["plain", f"key-1:ask:{LONG}"], "two keys are named key-1"),
    "a key twice": ([f"oa:ask:{LONG}", f"web:ask:sha256:{HEX}"], "oa and web are the same key"),
    "a plain key twice": ([LONG, LONG], "key-1 and key-2 are the same key"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_key_is_refused_with_what_to_do_and_never_shown(name: str) -> None:
    entries, says = MALFORMED[name]
    with pytest.raises(SettingsError, match=says) as failure:
        load_settings({"WENJU_API_KEYS": ",".join(entries)}, None)
    for secret in (LONG, "secretshort", HEX[:20]):
        assert secret not in str(failure.value)
    assert "WENJU_API_KEYS" in str(failure.value)


def test_a_key_may_stand_hashed_named_or_alone() -> None:
    hashed, named, alone = parse_keys(
        [f"oa:administer:sha256:{HEX.upper()}", "web:ask:another-key-of-someone", "plain"]
    )
    assert hashed == ApiKey("oa", "administer", bytes.fromhex(HEX))
    assert (named.name, named.role, named.is_plain) == ("web", "ask", True)
    assert (alone.name, alone.role, alone.is_plain) == ("key-3", "ask", True)
    assert not hashed.is_plain


def test_a_key_is_found_by_the_bytes_that_were_sent() -> None:
    keys = parse_keys([f"oa:ask:sha256:{HEX}", "钥匙"])
    assert find_key(keys, LONG.encode()) == keys[0]
    assert find_key(keys, "钥匙".encode()) == keys[1]
    for wrong in (b"", LONG.encode()[:-1], LONG.encode() + b" ", HEX.encode(), bytes.fromhex(HEX), b"\xff\xfe"):
        assert find_key(keys, wrong) is None


@given(st.binary(max_size=200))
def test_what_is_no_key_opens_nothing(sent: bytes) -> None:
    assert find_key(parse_keys([f"oa:ask:sha256:{HEX}"]), sent) is None


def test_a_new_key_is_found_by_its_entry_alone() -> None:
    text, key = new_key("oa", "administer")
    assert len(text) >= 43
    assert text not in key.entry
    (read,) = parse_keys([key.entry])
    assert find_key([read], text.encode()) == read == key
    assert new_key("oa", "ask")[0] != text


@pytest.mark.parametrize("name", ["", "o a", "a:b", "a,b", "区", "x" * 65, "a\n"])
def test_a_name_that_would_break_the_list_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot name a key"):
        new_key(name, "ask")


def test_the_command_prints_the_key_and_the_entry_that_opens_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "new", "oa", "--role", "administer"]) == 0
    printed = capsys.readouterr()
    text, entry = printed.out.split()
    found = find_key(parse_keys([entry]), text.encode())
    assert found is not None
    assert (found.name, found.role) == ("oa", "administer")
    assert text not in printed.err


def test_the_command_does_not_take_a_name_twice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_API_KEYS", f"oa:ask:sha256:{HEX}")
    assert run(["keys", "new", "oa"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "two keys are named oa" in printed.err


def test_the_doctor_names_the_keys_and_warns_of_plain_ones(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_API_KEYS", f"oa:administer:sha256:{HEX},web:ask:another-key-of-someone")
    run(["doctor", "--index-dir", "nowhere"])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if " access:" in line]
    assert line.startswith("ok ")
    assert "oa (administer)" in line
    assert "WARNING: web in plain text" in line
    assert "another-key" not in line


def test_the_service_does_not_start_where_others_reach_it_and_no_key_is_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for host in ("0.0.0.0", "::", "10.0.0.7", "wenju.example"):
        assert run(["serve", "--host", host]) == 3
        assert "wenju keys new" in capsys.readouterr().err


def test_keys_reach_the_worker_processes_hashed_ones_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_API_KEYS", "")
    settings = load_settings({"WENJU_API_KEYS": f"oa:administer:sha256:{HEX},钥匙"}, None)
    for name in ("WENJU_INDEX_DIR", "WENJU_CACHE_DIR"):
        monkeypatch.setenv(name, "")
    with monkeypatch.context() as own:
        own.setattr("os.environ", environment := dict[str, str]())
        export_settings(settings)
    assert load_settings(environment, None) == settings


def test_settings_that_are_shown_do_not_show_keys() -> None:
    settings = load_settings({"WENJU_API_KEYS": f"oa:ask:{LONG}", "OPENAI_API_KEY": "sk-canary"}, None)
    assert LONG not in repr(settings)
    assert "canary" not in repr(settings)
