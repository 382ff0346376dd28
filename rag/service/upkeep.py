"""Whether what stands beside the generations is whole: looked at again and again, told in the log and by /ready."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

import anyio.to_thread

from index.store.documents import DOCUMENTS_FOLDER, find_damage
from index.store.generations import CURRENT
from index.store.ledger import WITHDRAWN

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
"""How often the service asks whether something was written there; three names are looked up."""
CHECK_EVERY_S = 3600.0
"""How often every posted document is held against its checksum though nothing seems to have changed."""


class Upkeep:
    """Checks posted documents and the list of withdrawals; what is served goes on, whatever it finds.

    Args:
        index_dir: the index folder.
        look_every_s: how often `follow` looks.
        clock: seconds.
    """

    def __init__(
        self, index_dir: Path, look_every_s: float = LOOK_EVERY_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._places = [index_dir / name for name in (CURRENT, WITHDRAWN, DOCUMENTS_FOLDER)]
        self._index_dir, self._look_every_s, self._clock = index_dir, look_every_s, clock
        self._seen: tuple[list[int], float] = ([], 0.0)
        self.damage: str | None = None

    async def follow(self) -> None:
        """Look again and again, for ever."""
        while True:
            try:
                await self.look()
            except Exception:  # whatever it is, the next time may do better
                log.exception("what was posted and withdrawn could not be checked")
            await asyncio.sleep(self._look_every_s)

    async def look(self) -> None:
        """Check where something was written since, or the last time is long ago."""
        changed, at = [_changed_at(place) for place in self._places], self._clock()
        if changed == self._seen[0] and at - self._seen[1] < CHECK_EVERY_S:
            return
        damage = "; ".join(await anyio.to_thread.run_sync(find_damage, self._index_dir)) or None
        if damage != self.damage:
            log.log(logging.ERROR if damage else logging.INFO, "%s", damage or "all that was posted is whole again")
        self.damage, self._seen = damage, (changed, at)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
