"""The websocket of a page: its messages are validated and carried out, everything that happens is told to it."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from peephole.core.errors import PeepholeError
from peephole.engine.events import Problem
from peephole.studio import messages as m
from peephole.studio.document import OpenDocument
from peephole.studio.feed import Listener, numbered
from peephole.studio.folders import Folders
from peephole.studio.problems import problem_from
from peephole.workflow.files import workflow_path

_log = logging.getLogger("peephole.studio.socket")
MOST_WRONG = 20  # messages that are none, before the page is sent away


class Page:
    """One connection of one page."""

    def __init__(self, socket: WebSocket, document: OpenDocument, folders: Folders) -> None:
        self._socket = socket
        self._document = document
        self._folders = folders
        self._wrong = 0

    async def serve(self, after: int | None) -> None:
        """Until the page goes.  after: the last message it has seen, where it has been here before."""
        await self._socket.accept()
        feed = self._document.feed
        with feed.listening() as listener:
            self._say(listener, m.Hello(client_id=secrets.token_hex(8), revision=self._document.revision))
            missed = feed.since(after) if after is not None else []
            if missed is None:
                self._say(listener, m.Reset())
            for text in missed or ():
                listener.tell(text)
            sending = asyncio.create_task(self._send(listener))
            receiving = asyncio.create_task(self._receive(listener))
            done, rest = await asyncio.wait({sending, receiving}, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            for task in done:
                error = task.exception()
                if error is not None and not isinstance(error, WebSocketDisconnect | RuntimeError | OSError):
                    raise error

    def _say(self, listener: Listener, message: m.Told) -> None:
        """Tell this page alone."""
        listener.tell(numbered(message, self._document.feed.seq))

    async def _send(self, listener: Listener) -> None:
        while not listener.lost:
            text = await listener.waiting.get()
            if text is None:
                await self._socket.close(1012, "the studio ends")
                return
            await self._socket.send_text(text)
        await self._socket.close(1013, "too slow")

    async def _receive(self, listener: Listener) -> None:
        while self._wrong < MOST_WRONG:
            got = await self._socket.receive()
            if got["type"] == "websocket.disconnect":
                return
            await self._take(listener, got.get("text") or got.get("bytes") or "")
        await self._socket.close(1008, "no messages of ours")

    async def _take(self, listener: Listener, text: str | bytes) -> None:
        try:
            message = m.parse_message(text)
        except (ValidationError, ValueError, RecursionError) as error:
            self._wrong += 1
            self._refuse(listener, _client_of(text), _unfit(error))
            return
        client = getattr(message, "client", "")
        try:
            answer = await _DO[type(message)](self, message)
        except PeepholeError as error:
            self._refuse(listener, client, problem_from(error))
        except Exception as error:  # one message that trips us up must not take the page's connection along
            _log.exception("A message could not be carried out")
            what = f"The studio made a mistake: {type(error).__name__}: {error}"
            self._refuse(listener, client, Problem(id="mistake", what=what, remedy="The terminal tells the details."))
        else:
            if answer is not None:
                self._say(listener, answer)

    def _refuse(self, listener: Listener, client: str, problem: Problem) -> None:
        self._say(listener, m.Refused(client=client, problem=problem, revision=self._document.revision))

    # -- what a page may ask ---------------------------------------------------------------------------------------------

    async def _edit(self, message: m.Edit) -> m.Repeated | None:
        new = self._document.edit(message.op, client=message.client, base=message.base, group=message.group)
        return None if new else m.Repeated(client=message.client)

    async def _undo(self, message: m.Undo) -> None:
        self._document.undo(message.client)

    async def _redo(self, message: m.Redo) -> None:
        self._document.redo(message.client)

    async def _run(self, message: m.Run) -> None:
        self._document.run(message.targets, again=message.again)

    async def _cancel(self, _: m.Cancel) -> None:
        self._document.cancel()

    async def _enough(self, message: m.Enough) -> None:
        self._document.have_enough(message.node)

    async def _trust(self, _: m.Trust) -> None:
        self._document.trust()

    async def _rename(self, message: m.RenameFile) -> None:
        await self._document.rename_file(self._folders.path(str(workflow_path(Path(message.path)))))

    async def _look(self, _: m.Look) -> None:
        self._document.look()

    async def _select(self, message: m.Selection) -> None:
        self._document.select(message.node, message.value, message.client)


_DO: dict[type[Any], Callable[[Page, Any], Awaitable[m.Told | None]]] = {
    m.Edit: Page._edit,
    m.Undo: Page._undo,
    m.Redo: Page._redo,
    m.Run: Page._run,
    m.Cancel: Page._cancel,
    m.Enough: Page._enough,
    m.Trust: Page._trust,
    m.RenameFile: Page._rename,
    m.Look: Page._look,
    m.Selection: Page._select,
}


def _client_of(text: str | bytes) -> str:
    """The name that a message which does not fit gave itself, so that its page can take it back."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    client = told.get("client") if isinstance(told, dict) else None
    return client if isinstance(client, str) and len(client) <= 100 else ""


def _unfit(error: Exception) -> Problem:
    what = "This is no message that the studio knows."
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        what = f"This message does not fit: {place or 'the whole'}: {first['msg']}."
    return Problem(id="message", what=what, remedy="Reload the page.")
