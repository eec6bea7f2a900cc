"""A studio served for real on a port of its own, and pages that talk to it as a browser does."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from websockets.sync.client import ClientConnection, connect

from peephole.studio.app import make_app
from peephole.studio.config import Config
from peephole.studio.desk import Desk
from peephole.studio.guard import Guard
from peephole.studio.server import listen, web_server

PATIENCE = 120.0  # seconds: nothing here takes a hundredth of it, but for a machine that is busy with other things


@dataclass
class Studio:
    """A running studio."""

    config: Config
    folder: Path
    desk: Desk
    door: Guard
    stop: Callable[[], None]
    ask_loop: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.origin, headers={"Origin": self.origin}, timeout=PATIENCE)
        self.client.cookies.set(self.config.cookie, self.config.token)

    @property
    def origin(self) -> str:
        """Its own address."""
        return f"http://127.0.0.1:{self.config.port}"

    def stranger(self, **headers: str) -> httpx.Client:
        """Somebody without a cookie."""
        return httpx.Client(base_url=self.origin, headers=headers, timeout=PATIENCE)

    def open(self, **wanted: str) -> str:
        """Open a document; gives its id."""
        answer = self.client.post("/api/documents", json=wanted)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def write(self, name: str, document: dict[str, Any]) -> Path:
        """A workflow's file in the studio's folder."""
        path = self.folder / name
        path.write_text(json.dumps({"format": "peephole-workflow", "version": 1, **document}), encoding="utf-8")
        return path

    def open_file(self, document: dict[str, Any], name: str = "flow.peep.json") -> str:
        """Open a document from a file in the studio's folder."""
        return self.open(path=str(self.write(name, document)))

    def snapshot(self, one: str) -> dict[str, Any]:
        """A document's snapshot."""
        answer = self.client.get(f"/api/documents/{one}")
        assert answer.status_code == 200, answer.text
        snapshot: dict[str, Any] = answer.json()
        return snapshot

    def get(self, one: str, rest: str, **query: Any) -> httpx.Response:
        """Something of a document."""
        return self.client.get(f"/api/documents/{one}/{rest}", params=query)

    def socket_headers(self) -> dict[str, str]:
        """What a browser shows when it opens a websocket."""
        return {"Cookie": f"{self.config.cookie}={self.config.token}", "Origin": self.origin}

    @contextmanager
    def page(self, one: str, after: int | None = None) -> Iterator[Page]:
        """A page that shows a document."""
        query = "" if after is None else f"?after={after}"
        url = f"ws://127.0.0.1:{self.config.port}/api/documents/{one}/socket{query}"
        with connect(url, additional_headers=self.socket_headers(), max_size=None) as socket:
            yield Page(socket)


class Page:
    """A page: what it was told so far, and ways to say and wait."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []
        self._edits = 0

    def say(self, do: str, **what: Any) -> None:
        """Send a message."""
        self.socket.send(json.dumps({"do": do, **what}))

    def edit(self, op: str, *, client: str = "", base: int = 0, group: str = "", **what: Any) -> str:
        """Send an edit; gives the name it was given."""
        self._edits += 1
        client = client or f"{id(self)}-{self._edits}"
        self.say("edit", op={"op": op, **what}, client=client, base=base, group=group)
        return client

    def next(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE))
        self.told.append(message)
        return message

    def listen(self) -> None:
        """Until the connection ends."""
        while True:
            self.next()

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next message of a kind, with these fields."""
        while True:
            message = self.next()
            if message["is"] == kind and all(message.get(name) == value for name, value in fields.items()):
                return message

    def until_event(self, kind: str, node: str | None = None) -> dict[str, Any]:
        """The next event of a kind."""
        while True:
            event: dict[str, Any] = self.until("event")["event"]
            if event["event"] == kind and node in (None, event.get("node")):
                return event

    def run(self, **what: Any) -> str:
        """Run to the end; gives how it ended."""
        self.say("run", **what)
        status = str(self.until_event("run-finished")["status"])
        self.until("run", state="idle")
        return status


@contextmanager
def serving(folder: Path, state: Path, store: Path, static: Path | None = None, **limits: int) -> Iterator[Studio]:
    """A studio on a free port, in a thread."""
    with listen(0) as listening:
        port = listening.getsockname()[1]
        more: dict[str, Any] = {**limits, **({"static": static} if static else {})}
        config = Config(port=port, folders=(folder,), state=state, store=store, **more)
        app = make_app(config)
        server: uvicorn.Server = web_server(app, config)
        loops: list[asyncio.AbstractEventLoop] = []

        async def serve() -> None:
            loops.append(asyncio.get_running_loop())
            await server.serve(sockets=[listening])

        def ask_loop(what: Callable[[], Coroutine[Any, Any, None]]) -> None:
            asyncio.run_coroutine_threadsafe(what(), loops[0]).result(PATIENCE)

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()

        def stop() -> None:
            server.should_exit = True
            if thread.is_alive():
                loops[0].call_soon_threadsafe(app.desk.send_pages_away)
            thread.join(PATIENCE)

        studio = Studio(config, folder, app.desk, app.web, stop, ask_loop)
        try:
            yield studio
        finally:
            studio.client.close()
            stop()


def chain(*kinds: str, **settings: dict[str, Any]) -> dict[str, Any]:
    """A document: test nodes in a row, each named for its kind.  settings: by kind."""
    nodes = {kind: {"type": f"peephole_testnodes/{kind}", "settings": settings.get(kind, {})} for kind in kinds}
    wires = [f"{a}.table -> {b}.table" for a, b in pairwise(kinds)]
    return {"nodes": nodes, "wires": wires}
