"""API keys: what is kept of them, who sent one, and how a new one is made."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from rag.errors import SettingsError

Role = Literal["ask", "administer"]
"""What a key is for; who may administer may also ask."""
ROLES: tuple[Role, ...] = get_args(Role)
SHORTEST = 16
"""Characters of a key that is given with a name and a role; `wenju keys new` makes 43 of them, 256 random bits."""
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DIGEST = re.compile(r"sha256:[0-9A-Fa-f]{64}")
_FORMS = "write NAME:ROLE:sha256:HEX, as wenju keys new NAME prints it"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the service knows it: not the key itself, only its SHA-256.

    A fast hash suffices, unlike for passwords: keys are random, so there is nothing to try out.

    Args:
        name: whose it is, for the audit log; plain keys of the settings are key-1, key-2 …
        digest: 32 bytes.
        is_plain: whether the settings hold the key itself, which `wenju doctor` warns of.
    """

    name: str
    role: Role
    digest: bytes
    is_plain: bool = False

    @property
    def entry(self) -> str:
        """What stands for the key in WENJU_API_KEYS."""
        return f"{self.name}:{self.role}:sha256:{self.digest.hex()}"


def parse_keys(entries: Sequence[str]) -> tuple[ApiKey, ...]:
    """Read the entries of WENJU_API_KEYS: NAME:ROLE:sha256:HEX, NAME:ROLE:KEY, or KEY alone, which may ask.

    Raises:
        SettingsError: an entry is malformed, or two have the same name or key. It never shows any part of a malformed
            entry: a key may stand where its name should.
    """
    keys: list[ApiKey] = []
    for number, entry in enumerate(entries, 1):
        key = _parse(entry, number)
        for known in keys:
            if known.name == key.name:
                raise SettingsError(f"WENJU_API_KEYS: two keys are named {key.name}: give each a name of its own")
            if known.digest == key.digest:
                raise SettingsError(f"WENJU_API_KEYS: {known.name} and {key.name} are the same key: give each its own")
        keys.append(key)
    return tuple(keys)


def find_key(keys: Iterable[ApiKey], sent: bytes) -> ApiKey | None:
    """Return the key that was sent, or None.

    All are compared, each in constant time, so that the time taken tells nothing about any.

    Args:
        sent: as it came over the wire; text that is not ASCII is taken as UTF-8.
    """
    digest = hashlib.sha256(sent).digest()
    found = None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found


def new_key(name: str, role: Role) -> tuple[str, ApiKey]:
    """Make a key: the text to hand over, which is kept nowhere, and what the service keeps.

    Raises:
        SettingsError: the name has other characters than letters, digits, dot, dash, underscore.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r} cannot name a key: write 1 to 64 letters, digits, dots, dashes or underscores")
    text = secrets.token_urlsafe(32)
    return text, ApiKey(name, role, _digest(text))


def _parse(entry: str, number: int) -> ApiKey:
    where = f"entry {number} of WENJU_API_KEYS"
    if ":" not in entry:
        return ApiKey(f"key-{number}", "ask", _digest(entry), is_plain=True)
    name, _, rest = entry.partition(":")
    role, _, key = rest.partition(":")
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{where}: its name has other characters than letters, digits, . _ -: {_FORMS}")
    known: Role | None = next((known for known in ROLES if known == role), None)
    if known is None:
        raise SettingsError(f"{where}: its role is none of {', '.join(ROLES)}: {_FORMS}")
    if _DIGEST.fullmatch(key):
        return ApiKey(name, known, bytes.fromhex(key.removeprefix("sha256:")))
    if key.startswith("sha256:"):
        raise SettingsError(f"{where}: after sha256: come 64 digits of 0-9 and a-f: {_FORMS}")
    if len(key) < SHORTEST:
        raise SettingsError(
            f"{where}: the key after name and role has fewer than {SHORTEST} characters and can be guessed: {_FORMS}"
        )
    return ApiKey(name, known, _digest(key), is_plain=True)


def _digest(key: str) -> bytes:
    # An environment that is not UTF-8 arrives with surrogates, which stand for its bytes.
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
