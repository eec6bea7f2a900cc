"""Keeps what is known of a document (how nodes stand, columns at ports, what is wrong) up to date with every edit and run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from peephole.studio.messages import Checked
from peephole.studio.side import SideDiedError, SideError
from peephole.studio.wire.state import NodeState, PortFacts
from peephole.workflow.findings import Finding

_log = logging.getLogger("peephole.studio.checking")
MOST_DEATHS = 3  # of the side process in a row, over one plan
PATIENCE = 0.3  # seconds: a plan that takes longer is given up for a newer one
_PORTS = TypeAdapter(dict[str, PortFacts])
_NODES = TypeAdapter(dict[str, NodeState])
_FINDINGS = TypeAdapter(list[Finding])


class Knowledge:
    """What is known.  recipes: of the nodes.  revision: of the document that it is about."""

    def __init__(self) -> None:
        self.revision = -1
        self.findings: list[Finding] = []
        self.planned: dict[str, NodeState] = {}
        self.ports: dict[str, PortFacts] = {}
        self.recipes: dict[str, str] = {}
        self._told: tuple[list[Finding], dict[str, NodeState], dict[str, PortFacts]] = ([], {}, {})

    def take(self, facts: Mapping[str, Any], revision: int) -> None:
        """Take in what the side process has found out."""
        self.revision = revision
        self.findings = _FINDINGS.validate_python(facts["findings"])
        self.planned = _NODES.validate_python(facts["nodes"])
        self.ports = _PORTS.validate_python(facts["ports"])
        self.recipes = dict(facts["recipes"])

    def tell_again(self, nodes: Iterable[str]) -> None:
        """Pages have followed these nodes through a run by themselves: they are told anew how they stand."""
        findings, old_nodes, old_ports = self._told
        again = set(nodes)
        self._told = (findings, {n: s for n, s in old_nodes.items() if n not in again}, old_ports)

    def news(self, nodes: dict[str, NodeState]) -> Checked | None:
        """What has changed since the last time, None for nothing.  nodes: their states as shown."""
        findings, old_nodes, old_ports = self._told
        self._told = (self.findings, nodes, self.ports)
        message = Checked(
            revision=self.revision,
            findings=self.findings if self.findings != findings else None,
            ports=_changes(old_ports, self.ports),
            nodes=_changes(old_nodes, nodes),
        )
        return message if message.findings is not None or message.ports or message.nodes else None


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    gone = dict.fromkeys(old.keys() - new.keys())
    return gone | {key: value for key, value in new.items() if old.get(key) != value}


class Checker:
    """Has a document planned anew whenever something has changed.  plan: asks the side process; gives facts and revision."""

    def __init__(
        self, plan: Callable[[], Any], revision: Callable[[], int], took: Callable[[Mapping[str, Any], int], None]
    ) -> None:
        self._plan = plan
        self._revision = revision
        self._took = took
        self._changed = asyncio.Event()
        self._round = asyncio.Condition()
        self._asked = 0
        self._done = 0
        self._closed = False
        self._task = asyncio.create_task(self._work())

    def changed(self) -> None:
        """Something has changed."""
        self._asked += 1
        self._changed.set()

    async def fresh(self) -> None:
        """Wait until all changes so far are known of, or nobody looks any more."""
        wanted = self._asked
        async with self._round:
            await self._round.wait_for(lambda: self._closed or self._done >= wanted)

    async def close(self) -> None:
        """Stop, and leave nobody waiting."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        async with self._round:
            self._closed = True
            self._round.notify_all()

    async def _work(self) -> None:
        deaths = 0
        while True:
            await self._changed.wait()
            self._changed.clear()
            asked, revision = self._asked, self._revision()
            planning = asyncio.ensure_future(self._plan())
            try:
                facts = await self._unless_changed(planning)
                deaths = 0
                if facts is not None:
                    self._took(facts, revision)
            except SideDiedError as error:
                _log.warning("Looking ahead was cut off: %s", error)
                deaths += 1
                if deaths < MOST_DEATHS:
                    self._changed.set()
                    continue
                facts = None
            except SideError as error:
                _log.warning("Looking ahead failed: %s", error)
                facts = None
            except Exception:  # whatever it is: who waits to look or to run must not wait for ever
                _log.exception("Looking ahead failed")
                facts = None
            if facts is None and planning.cancelled():
                continue
            async with self._round:
                self._done = asked
                self._round.notify_all()

    async def _unless_changed(self, planning: asyncio.Future[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        """What the plan gives; None where it takes long and something has changed meanwhile."""
        try:
            await asyncio.wait([planning], timeout=PATIENCE)
            while not planning.done():
                again: asyncio.Future[Any] = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait([asyncio.ensure_future(planning), again], return_when=asyncio.FIRST_COMPLETED)
                again.cancel()
                if not planning.done():
                    planning.cancel()
                    await asyncio.gather(planning, return_exceptions=True)
                    return None
            return planning.result()
        finally:
            if not planning.done():
                planning.cancel()
