"""Settings from the environment and .env. The only reader of os.environ; everything else takes values."""

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as setting
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from rag.api_keys import parse_keys
from rag.errors import SettingsError
from rag.network import check_endpoint, check_origin, is_loopback_host, parse_networks

PREFIX = "WENJU_"
SPELLINGS = {"yes": "true", "no": "false"}
"""Words for a truth value that msgspec does not know; it knows true, false, 1, 0."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAX_COST = 99.0
FEEDBACK_FILE = "feedback.sqlite"
NO_FILE = Path("none")
METRICS_FOLDER = "metrics"
"""In the run folder: where the processes of one service put their figures together."""

Count = Annotated[int, Meta(ge=1, description="must be 1 or more")]
CountOrZero = Annotated[int, Meta(ge=0, description="must be 0 or more")]
Port = Annotated[Count, Meta(le=65535, description="must be 65535 or less")]
Seconds = Annotated[float, Meta(gt=0, le=sys.float_info.max, description="must be seconds, more than 0")]
Cost = Annotated[float, Meta(ge=0, le=MAX_COST, description=f"must be from 0, which refuses nothing, to {MAX_COST:g}")]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, built once. Names, units and defaults are those of .env.example.

    What is read into a field must be of its type; the description of a limit is what is said to those who miss it.
    """

    # LLM: any OpenAI-compatible endpoint; none set means extractive answers
    openai_base_url: str | None = None
    openai_api_key: str | None = setting(default=None, repr=False)
    openai_model: str | None = None
    llm_connect_timeout_s: Seconds = 3.0
    llm_first_token_timeout_s: Seconds = 30.0
    llm_idle_timeout_s: Seconds = 20.0
    llm_total_timeout_s: Seconds = 120.0
    llm_context_tokens: Count = 8192
    llm_answer_tokens: Count = 800
    # index
    index_dir: Path = Path()
    cache_dir: Path = Path()
    embedding_model: str = "bundled"
    vector_store: str = "faiss"
    dictionary: Path | None = None
    # retrieval
    reranker: str = "bundled"
    reranker_url: str | None = None
    reranker_budget_ms: Count = 1000
    # answers
    prompts_dir: Path | None = None
    top_k: Count = 8
    max_question_characters: Count = 2000
    max_history_turns: CountOrZero = 40
    max_history_characters: Count = 100_000
    wrong_answer_cost: Cost = 0.5
    # feedback
    feedback_db: Path | None = None
    feedback_wait_min: Count = 60
    # service
    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Count = 1
    api_keys: tuple[str, ...] = setting(default=(), repr=False)
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: Count = 1_000_000
    max_document_bytes: Count = 20_000_000
    rate_per_key: CountOrZero = 1800
    rate_per_address: CountOrZero = 1800
    max_concurrent_answers: Count = 256
    audit_log: Path | None = None
    audit_questions: bool = False
    log_level: str = "WARNING"
    run_dir: Path | None = None

    @property
    def feedback_file(self) -> Path | None:
        """Where rated answers are kept; None where the operator wants none kept."""
        if self.feedback_db == NO_FILE:
            return None
        return self.feedback_db or self.index_dir / FEEDBACK_FILE

    @property
    def has_llm(self) -> bool:
        """Whether an LLM is configured: an address is needed, for nothing leaves this machine unasked."""
        return self.openai_base_url is not None


def environment_name(field: str) -> str:
    """Name of the environment variable of a field: openai_* as they are, the rest with WENJU_ in front."""
    return field.upper() if field.startswith("openai_") else PREFIX + field.upper()


def load_settings(environment: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings; the environment wins over the file.

    Args:
        environment: None takes the process's own.
        env_file: read when it is there.
    Raises:
        SettingsError: a value is malformed, contradicts another, or a WENJU_ name is unknown.
    """
    values: dict[str, str] = {}
    if env_file and env_file.is_file():
        values |= _read_file(env_file)
    values |= os.environ if environment is None else environment
    known = {environment_name(field): field for field in Settings.__dataclass_fields__}
    for name in values:
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(f"{name}: no such setting; see .env.example (known: {', '.join(sorted(known))})")
    types = get_type_hints(Settings, include_extras=True)
    given = {name: text.strip() for name in known if (text := values.get(name, "")).strip()}
    fields = {known[name]: _convert(name, text, types[known[name]]) for name, text in given.items()}
    return _checked(Settings(**_default_folders() | fields))  # type: ignore[arg-type]


def _read_file(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        return {name: value for name, value in dotenv_values(path, encoding="utf-8").items() if value is not None}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}): save it as UTF-8 text") from error


def _convert(name: str, text: str, type_: Any) -> object:
    """Return what a variable's text says, as its field's type.

    Args:
        name: of the variable.
        type_: as the field is annotated: with its limits, each described.
    Raises:
        SettingsError: it is not of the type, or beyond a limit.
    """
    bare, *limits = get_args(type_) if get_origin(type_) is Annotated else (type_,)
    try:
        value = msgspec.convert(_words(text, bare), bare, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        if bare is bool:
            raise SettingsError(f"{name}={text!r}: write true or false") from error
        raise SettingsError(f"{name}={text!r}: not a {bare.__name__}; see .env.example") from error
    for limit in limits:
        try:
            msgspec.convert(value, Annotated[bare, limit])
        except msgspec.ValidationError as error:
            raise SettingsError(f"{name}={value}: {limit.description}") from error
    return value


def _words(text: str, type_: Any) -> str | list[str]:
    """The text as msgspec reads it: lists apart, truth in its words, numbers as JSON has them."""
    if get_origin(type_) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if type_ is bool:
        return SPELLINGS.get(text.lower(), text)
    return f"0{text}" if type_ is float and text.startswith(".") else text


def _path(_type: type, text: str) -> Path:
    """The one type of a setting that msgspec does not know."""
    return Path(text).expanduser()


def _default_folders() -> dict[str, object]:
    """The folders that depend on the machine and its user."""
    import platformdirs

    return {
        "index_dir": platformdirs.user_data_path("wenju", appauthor=False) / "index",
        "cache_dir": default_cache_dir(),
    }


def default_cache_dir() -> Path:
    """Return where derived files are kept unless WENJU_CACHE_DIR says otherwise."""
    import platformdirs

    return usable_cache(platformdirs.user_cache_path("wenju", appauthor=False))


def usable_cache(folder: Path) -> Path:
    """Return the user's cache folder, or where it cannot be made (a container's user without a home) one of temporary files.

    What is kept there can be made anew. A folder of that name which is another user's is never taken.
    """
    above = next(path for path in (folder, *folder.parents) if path.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return folder
    user = os.getuid() if sys.platform != "win32" else "user"
    instead = Path(tempfile.gettempdir()) / f"wenju-{user}"
    with contextlib.suppress(FileExistsError):
        instead.mkdir(0o700)  # made here and now, so that nobody else can make it in between
    return instead if _is_private(instead) else folder


def _is_private(folder: Path) -> bool:
    """Whether it is a folder, no link to one, of this user's, in which nobody else may write."""
    status = folder.lstat()
    is_own = sys.platform == "win32" or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
    return stat.S_ISDIR(status.st_mode) and is_own


def read_utf8_in_children() -> None:
    """Have the Python processes that this one starts read and write UTF-8, whatever the locale (PEP 540)."""
    os.environ["PYTHONUTF8"] = "1"


def _checked(settings: Settings) -> Settings:
    """The settings, where none contradicts another or names what there is not."""
    if settings.log_level.upper() not in LOG_LEVELS:
        raise SettingsError(f"WENJU_LOG_LEVEL={settings.log_level!r}: write one of {', '.join(LOG_LEVELS)}")
    if settings.vector_store != "faiss":
        raise SettingsError(f"WENJU_VECTOR_STORE={settings.vector_store!r}: this version knows 'faiss' only")
    _check_llm(settings)
    _check_access(settings)
    return settings


def _check_llm(settings: Settings) -> None:
    if settings.llm_answer_tokens * 2 > settings.llm_context_tokens:
        raise SettingsError(
            f"WENJU_LLM_ANSWER_TOKENS={settings.llm_answer_tokens} leaves too little of "
            f"WENJU_LLM_CONTEXT_TOKENS={settings.llm_context_tokens} for the passages: at most half"
        )
    if settings.reranker_url:
        check_endpoint("WENJU_RERANKER_URL", settings.reranker_url)
    if settings.openai_base_url:
        check_endpoint("OPENAI_BASE_URL", settings.openai_base_url)
        if not settings.openai_model:
            raise SettingsError("OPENAI_BASE_URL is set, OPENAI_MODEL is not: name the model that the endpoint serves")


def _check_access(settings: Settings) -> None:
    parse_keys(settings.api_keys)
    parse_networks(settings.trusted_proxies)
    for origin in settings.allowed_origins:
        check_origin(origin)


def check_reach(settings: Settings) -> None:
    """See that a service that other machines reach asks them for keys.

    Raises:
        SettingsError: it would not.
    """
    if not settings.api_keys and not is_loopback_host(settings.host):
        raise SettingsError(
            f"WENJU_HOST={settings.host} is reached by other machines, but no API keys are set, so none of them would be "
            "answered: make a key with wenju keys new NAME and put what it prints into WENJU_API_KEYS"
        )


def export_settings(settings: Settings) -> None:
    """Put settings into this process's environment, for the worker processes that it starts."""
    for field in Settings.__dataclass_fields__:
        value = getattr(settings, field)
        if value is not None:
            os.environ[environment_name(field)] = ",".join(value) if isinstance(value, tuple) else str(value)
    if settings.run_dir:  # prometheus_client reads it once, when it is imported
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.run_dir / METRICS_FOLDER)


def volatile_folders() -> tuple[Path, ...]:
    """Folders for what must not outlive the service, best first: those in memory, which the next boot empties."""
    own = os.environ.get("XDG_RUNTIME_DIR")
    return (*([Path(own)] if own else []), Path("/dev/shm"))  # noqa: S108  a private folder is made in it
