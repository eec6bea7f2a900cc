"""What the server tells the pages of one document, numbered, and kept for a while for those that lost their connection."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peephole.studio.messages import Told

MOST_KEPT = 5000
MOST_BYTES = 64 * 2**20
MOST_WAITING = 10_000  # messages that a page may lag behind before it is sent away to fetch everything anew


class Listener:
    """A page: the messages it has still to get, and None at the end.  lost: it lagged too far behind."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[str | None] = asyncio.Queue()
        self.lost = False

    def tell(self, text: str) -> None:
        """Put a message on its way."""
        if self.waiting.qsize() >= MOST_WAITING:
            self.lost = True
        if not self.lost:
            self.waiting.put_nowait(text)


class Feed:
    """seq: number of the newest message. It starts at the time, so that a page of an earlier server is known as such."""

    def __init__(self) -> None:
        self.seq = time.time_ns() // 1_000_000
        self._kept: deque[tuple[int, str]] = deque()
        self._bytes = 0
        self._listeners: set[Listener] = set()

    @property
    def watched(self) -> bool:
        """Whether any page is connected."""
        return bool(self._listeners)

    def publish(self, message: Told) -> None:
        """Number a message and tell it to every page."""
        self.seq += 1
        text = numbered(message, self.seq)
        self._kept.append((self.seq, text))
        self._bytes += len(text)
        while len(self._kept) > MOST_KEPT or (self._bytes > MOST_BYTES and len(self._kept) > 1):
            self._bytes -= len(self._kept.popleft()[1])
        for listener in self._listeners:
            listener.tell(text)

    def since(self, seq: int) -> list[str] | None:
        """The messages after that number; None where some of them are no longer known, or never were."""
        oldest = self._kept[0][0] if self._kept else self.seq + 1
        if seq > self.seq or seq < oldest - 1:
            return None
        return [text for number, text in self._kept if number > seq]

    def close(self) -> None:
        """Send every page away."""
        for listener in self._listeners:
            listener.waiting.put_nowait(None)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """A page that is told everything while the block lasts."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)


def numbered(message: Told, seq: int) -> str:
    """A message as text, with its number."""
    changed: Any = message.model_copy(update={"seq": seq})
    return str(changed.model_dump_json(by_alias=True))
