"""The commands of `wenju keys`, and what `wenju doctor` says about who may call."""

import argparse
import sys
from collections.abc import Callable

from rag.api_keys import ROLES, new_key, parse_keys
from rag.config import Settings, check_reach

AddParser = Callable[..., argparse.ArgumentParser]
"""`add_parser` of a parser's commands: argparse has no public name for what it belongs to."""
KEYS_HELP = "Make API keys for those who call the service."
NEW_HELP = """Make a key: print it once, to hand over, and the entry that stands for it in WENJU_API_KEYS. The entry has only
the key's hash, so nobody who reads the settings can call with it."""


def add_commands(add_parser: AddParser) -> None:
    """Add `keys new` to the command line."""
    group = add_parser("keys", help="make API keys", description=KEYS_HELP)
    kinds = group.add_subparsers(title="commands", required=True, metavar="COMMAND")
    new = kinds.add_parser("new", help="make a key", description=NEW_HELP)
    new.add_argument("name", metavar="NAME", help="whose key it is; the audit log shows it")
    new.add_argument("--role", choices=ROLES, default="ask", help="what it may do (default: ask)")
    new.set_defaults(run=new_command)


def new_command(options: argparse.Namespace, settings: Settings) -> int:
    """Run `wenju keys new`: key and entry go to stdout, a line each, the words to stderr."""
    text, key = new_key(options.name, options.role)
    parse_keys([*settings.api_keys, key.entry])  # says that the name is taken
    print(f"{text}\n{key.entry}")
    print(
        f"\nThe first line is the key for {key.name}: hand it over, it is kept nowhere and not shown again. The second stands "
        "for it in WENJU_API_KEYS, after a comma where there are others; it takes effect when the service starts anew.",
        file=sys.stderr,
    )
    return 0


def check_access(settings: Settings) -> str:
    """Say who may call; for `wenju doctor`.

    Raises:
        SettingsError: the service would not start.
    """
    check_reach(settings)
    keys = parse_keys(settings.api_keys)
    if not keys:
        return "no API keys: only this machine is answered"
    plain = [key.name for key in keys if key.is_plain]
    counted = f"{len(keys)} API keys: {', '.join(f'{key.name} ({key.role})' for key in keys)}"
    if not plain:
        return counted
    return f"{counted}; WARNING: {', '.join(plain)} in plain text: replace by what wenju keys new NAME prints"
