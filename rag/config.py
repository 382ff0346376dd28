"""Settings from the environment and .env. Door to os.environ; everything else takes values."""

import math
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as setting
from pathlib import Path
from urllib.parse import urlsplit

from rag.addresses import check_origin, is_loopback_host, parse_networks
from rag.errors import SettingsError
from rag.keys import parse_keys

PREFIX = "WENJU_"
PATHS = frozenset({"WENJU_PROMPTS_DIR", "WENJU_DICTIONARY", "WENJU_AUDIT_LOG", "WENJU_FEEDBACK_DB", "WENJU_RUN_DIR"})
"""Settings that are paths, where none is the default."""
WORDS_OF_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
HIGHEST_COST = 99.0
FEEDBACK_FILE = "feedback.sqlite"
OFF = Path("none")
METRICS_FOLDER = "metrics"
"""In the run folder: where the processes of one service put their figures together."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, built once. Names, units and defaults are those of .env.example."""

    # LLM: any OpenAI-compatible endpoint; none set means extractive answers
    openai_base_url: str | None = None
    openai_api_key: str | None = setting(default=None, repr=False)
    openai_model: str | None = None
    llm_connect_timeout_s: float = 3.0
    llm_first_token_timeout_s: float = 30.0
    llm_idle_timeout_s: float = 20.0
    llm_total_timeout_s: float = 120.0
    llm_context_tokens: int = 8192
    llm_answer_tokens: int = 800
    # index
    index_dir: Path = Path()
    cache_dir: Path = Path()
    embedding_model: str = "bundled"
    vector_store: str = "faiss"
    dictionary: Path | None = None
    # retrieval
    reranker: str = "light"
    reranker_budget_ms: int = 1000
    # answers
    prompts_dir: Path | None = None
    top_k: int = 8
    max_question_characters: int = 2000
    max_history_turns: int = 40
    max_history_characters: int = 100_000
    wrong_answer_cost: float = 0.5
    # feedback
    feedback_db: Path | None = None
    feedback_wait_min: int = 60
    # service
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    api_keys: tuple[str, ...] = setting(default=(), repr=False)
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = 1_000_000
    max_document_bytes: int = 20_000_000
    rate_per_key: int = 1800
    rate_per_address: int = 1800
    max_concurrent_answers: int = 256
    audit_log: Path | None = None
    audit_questions: bool = False
    log_level: str = "WARNING"
    run_dir: Path | None = None

    @property
    def feedback_file(self) -> Path | None:
        """Where rated answers are kept; None where the operator wants none kept."""
        if self.feedback_db == OFF:
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
    fields = {
        field: _parse(name, values[name].strip()) for name, field in known.items() if values.get(name, "").strip()
    }
    return _checked(Settings(**_with_folders(fields)))  # type: ignore[arg-type]


def _read_file(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        return {name: value for name, value in dotenv_values(path, encoding="utf-8").items() if value is not None}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}): save it as UTF-8 text") from error


def _parse(name: str, text: str) -> object:
    default = Settings.__dataclass_fields__[name.lower().removeprefix(PREFIX.lower())].default
    try:
        if isinstance(default, tuple):
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if isinstance(default, Path) or name in PATHS:
            return Path(text).expanduser()
        if isinstance(default, bool):
            return _truth(name, text)
        return type(default)(text) if isinstance(default, int | float) else text
    except ValueError as error:
        raise SettingsError(f"{name}={text!r}: not a {type(default).__name__}; see .env.example") from error


def _truth(name: str, text: str) -> bool:
    if text.lower() not in WORDS_OF_TRUTH:
        raise SettingsError(f"{name}={text!r}: write true or false")
    return WORDS_OF_TRUTH[text.lower()]


def _with_folders(fields: dict[str, object]) -> dict[str, object]:
    """Fill in the folders that depend on the machine and its user."""
    import platformdirs

    fields.setdefault("index_dir", platformdirs.user_data_path("wenju", appauthor=False) / "index")
    fields.setdefault("cache_dir", usable_cache(platformdirs.user_cache_path("wenju", appauthor=False)))
    return fields


def usable_cache(folder: Path) -> Path:
    """Return the user's cache folder, or where it cannot be made (a container's user without a home) one of temporary files.

    What is kept there can be made anew. A folder of that name which is another user's is never taken.
    """
    above = next(path for path in (folder, *folder.parents) if path.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return folder
    user = os.getuid() if sys.platform != "win32" else "user"
    instead = Path(tempfile.gettempdir()) / f"wenju-{user}"
    if instead.is_symlink() or (instead.exists() and instead.stat().st_uid != user):
        return folder
    return instead


def _checked(settings: Settings) -> Settings:
    for field in (
        "top_k",
        "reranker_budget_ms",
        "port",
        "workers",
        "max_document_bytes",
        "llm_context_tokens",
        "llm_answer_tokens",
        "max_question_characters",
        "feedback_wait_min",
        "max_history_characters",
        "max_body_bytes",
        "max_document_bytes",
        "max_concurrent_answers",
    ):
        if getattr(settings, field) < 1:
            raise SettingsError(f"{environment_name(field)}={getattr(settings, field)}: must be 1 or more")
    for field in ("max_history_turns", "rate_per_key", "rate_per_address"):
        if getattr(settings, field) < 0:
            raise SettingsError(f"{environment_name(field)}={getattr(settings, field)}: must be 0 or more")
    for field in Settings.__dataclass_fields__:
        if field.endswith("_timeout_s") and not 0 < getattr(settings, field) < math.inf:
            raise SettingsError(f"{environment_name(field)}={getattr(settings, field)}: must be seconds, more than 0")
    if not 0 <= settings.wrong_answer_cost <= HIGHEST_COST:
        raise SettingsError(
            f"WENJU_WRONG_ANSWER_COST={settings.wrong_answer_cost}: must be from 0, which refuses nothing, to {HIGHEST_COST:g}"
        )
    if settings.port > 65535:
        raise SettingsError(f"WENJU_PORT={settings.port}: must be 65535 or less")
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
    if settings.openai_base_url:
        if not _is_address(settings.openai_base_url):
            raise SettingsError(
                f"OPENAI_BASE_URL={settings.openai_base_url!r}: not an http(s) address, e.g. http://10.0.0.5:8000/v1"
            )
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


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket or a port that is none
        return False


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
