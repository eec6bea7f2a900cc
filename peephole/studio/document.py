"""A document that is open: edited, saved, checked, run; whatever happens to it is told to every page that shows it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from peephole.core.errors import EditError
from peephole.engine.catalog import catalog
from peephole.engine.events import Event, NodeFinished, Problem, RunStarted
from peephole.engine.run import document_name
from peephole.report.labels import title_of
from peephole.studio import messages as m
from peephole.studio.checking import Checker, Knowledge
from peephole.studio.feed import Feed
from peephole.studio.folders import Folders
from peephole.studio.memory import OURS, Known, Memory
from peephole.studio.problems import UntrustedError
from peephole.studio.running import Job, Runner
from peephole.studio.saving import Saver, saved_now
from peephole.studio.side import Answer, SideDiedError, SideProcess
from peephole.studio.states import LiveStates, with_components
from peephole.studio.trust import dangers, fingerprint
from peephole.studio.wire.state import NodeState, RunState, Snapshot
from peephole.workflow.document import Document
from peephole.workflow.edit import Op, Set, Unset
from peephole.workflow.files import SUFFIX
from peephole.workflow.history import History
from peephole.workflow.order import flatten
from peephole.workflow.unroll import shown_nodes

_log = logging.getLogger("peephole.studio.document")
MOST_REMEMBERED = 1000  # edits whose sender is known, so that one sent twice is applied once
WHILE_RUNNING = 0.3  # seconds between two looks at what a run has stored


class OpenDocument:
    """known: what the studio remembers of it.  worked_with: the person has done something with it since it was opened.

    danger: fingerprint of its dangerous nodes; finding it may import nodes, which must not hold up the others.
    """

    def __init__(
        self, known: Known, document: Document, danger: str, memory: Memory, folders: Folders, store: Path
    ) -> None:
        self.known = known
        self.revision = 0
        self.worked_with = False
        self.feed = Feed()
        self.last_used = time.monotonic()
        self._history = History(document)
        self._memory = memory
        self._folders = folders
        self._knowledge = Knowledge()
        self._live = LiveStates()
        self._run_recipes: dict[str, str] = {}
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._later: asyncio.TimerHandle | None = None
        self._side = SideProcess(store)
        self._told: int | None = None  # which side process knows the document
        self._runner = Runner(store, self._on_event, self._on_run)
        self._saver = Saver(self, memory.file_of(known), self.feed.publish, self._saved_message, self._moved)
        self._trusted = danger in ("", known.trusted)
        self._checker = Checker(self._plan, lambda: self.revision, self._took)
        self._checker.changed()

    # -- what it is ------------------------------------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """As it is now."""
        return self._history.document

    @property
    def path(self) -> Path:
        """The file in which it is saved."""
        return self._saver.path

    @property
    def folder(self) -> Path:
        """Where relative paths in it start."""
        return self.path.parent.resolve()

    @property
    def named(self) -> bool:
        """Whether the person has given it a name."""
        return self.known.path is not None

    @property
    def title(self) -> str:
        """What it is called."""
        if self.document.title:
            return self.document.title
        return self.path.name.removesuffix(SUFFIX) if self.named else "Untitled"

    @property
    def needs_trust(self) -> bool:
        """Whether it holds what must not run before the person trusts it."""
        return not self._trusted

    @property
    def busy(self) -> bool:
        """Whether somebody looks at it, or it runs."""
        return self.feed.watched or self._runner.busy

    @property
    def worker(self) -> int | None:
        """The number of its worker process, if there is one."""
        return self._runner.worker

    def snapshot(self) -> Snapshot:
        """Everything a page needs to show it."""
        return Snapshot(
            id=self.known.id,
            revision=self.revision,
            seq=self.feed.seq,
            document=self.document,
            path=str(self.path) if self.named else None,
            title=self.title,
            saved=self._saver.saved,
            trusted=self._trusted,
            needs_trust=self.needs_trust,
            can_undo=self._history.can_undo,
            can_redo=self._history.can_redo,
            findings=self._knowledge.findings,
            ports=self._knowledge.ports,
            nodes=self._nodes(),
            run=self._runner.state,
        )

    # -- edits -----------------------------------------------------------------------------------------------------------

    def edit(self, op: Op, *, client: str, base: int = 0, group: str = "") -> bool:
        """Apply an edit and tell everybody. False for one that was applied before: it is not again.

        Raises EditError where it does not fit.
        """
        if base > self.revision:
            raise EditError("This page knows a document that is not this one.", remedy="Reload the page.")
        if client in self._seen:
            return False
        self._history.do(op, group)
        self._edited(op, client)
        return True

    def undo(self, client: str) -> None:
        """Take back the last step; raises EditError where there is none."""
        self._stepped(self._history.undo(), client, "undo")

    def redo(self, client: str) -> None:
        """Do again what was taken back last; raises EditError where there is nothing."""
        self._stepped(self._history.redo(), client, "redo")

    def select(self, node: str, value: Any, client: str) -> None:
        """What was chosen in a drawing becomes the setting `selection` of its node."""
        within, _, name = node.rpartition("/")
        op: Op = (
            Unset(within=within, node=name, setting="selection")
            if value is None
            else Set(within=within, node=name, setting="selection", value=value)
        )
        self.edit(op, client=client, base=self.revision, group=f"selection {node}")

    def _stepped(self, op: Op | None, client: str, word: str) -> None:
        if op is None:
            raise EditError(f"There is nothing to {word}.")
        self._edited(op, client)

    def _edited(self, op: Op, client: str) -> None:
        self.revision += 1
        self._used()
        self._seen[client] = None
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        self.feed.publish(
            m.Edited(
                revision=self.revision,
                op=op,
                client=client,
                can_undo=self._history.can_undo,
                can_redo=self._history.can_redo,
                needs_trust=self.needs_trust,
            )
        )
        self._saver.edited()
        self._checker.changed()

    def _used(self) -> None:
        """The person works with it: from now on its sources may be looked at."""
        self.last_used = time.monotonic()
        if not self.worked_with:
            self.worked_with = True
            self._checker.changed()

    # -- files -----------------------------------------------------------------------------------------------------------

    async def save(self) -> None:
        """Have all edits in its file now. Raises DocumentError where that cannot be."""
        await self._saver.now()

    async def save_as(self, path: Path) -> None:
        """Save it under a name, with the files beside it that its settings name; it lives there from now on."""
        await asyncio.shield(self._save_under(path, instead_of=None))

    async def rename_file(self, path: Path) -> None:
        """Save it under another name; the old file goes."""
        await asyncio.shield(self._save_under(path, instead_of=self.path if self.named else None))

    async def _save_under(self, path: Path, *, instead_of: Path | None) -> None:
        """Shielded: a page that hangs up half way must not leave the document in two places."""
        before = self.folder
        await asyncio.to_thread(bring_files, self.document, before, path.parent.resolve())
        await self._saver.to(path)
        self._moved(path)
        if instead_of is not None and instead_of != path:
            await asyncio.to_thread(instead_of.unlink, missing_ok=True)
        self.feed.publish(self._saved_message())
        self._checker.changed()

    def _moved(self, path: Path) -> None:
        self.known = self.known.model_copy(update={"path": str(path)})
        self._remember()

    def _saved_message(self) -> m.SavedNow:
        self._remember()
        return saved_now(self.path if self.named else None, self.title, saved=self._saver.saved)

    def _remember(self) -> None:
        trusted = self.known.trusted
        if self.named or trusted != OURS:
            trusted = fingerprint(self._dangers()) if self._trusted else None
        known = self.known.model_copy(update={"title": self.title, "trusted": trusted})
        if known != self.known or self._memory.get(known.id) != known:
            self.known = known
            self._memory.keep(known)

    # -- trust -----------------------------------------------------------------------------------------------------------

    def trust(self) -> None:
        """The person lets it run."""
        self._trusted = True
        self._remember()
        self.feed.publish(m.Trusted())
        self._used()
        self._checker.changed()

    def _dangers(self) -> Mapping[str, Any]:
        return dangers(self.document, catalog().specs, self.folder, self._folders)

    def _require_trust(self) -> None:
        if self.needs_trust:
            blocks, specs = flatten(self.document).nodes, catalog().specs
            names = ", ".join(title_of(blocks[path], specs.get(blocks[path].type)) for path in self._dangers())
            raise UntrustedError(
                f"This workflow comes from elsewhere, and these nodes run code, write files or read outside: {names}.",
                remedy="Look at them, and trust the workflow if you know what they do.",
            )

    # -- looking ---------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """The person looks at one of its ports."""
        self._used()

    async def ask(self, kind: str, **what: Any) -> Answer:
        """Ask the side process, once it knows of all edits so far."""
        self._used()
        await self._checker.fresh()
        try:
            answer = await self._side.ask(kind, born=self._told, **what)
        except SideDiedError:  # its successor knows nothing yet
            self._checker.changed()
            await self._checker.fresh()
            answer = await self._side.ask(kind, born=self._told, **what)
        if kind == "rows" and answer.facts["news"]:  # a node can say now how many rows it gives
            self._checker.changed()
        return answer

    async def _plan(self) -> Mapping[str, Any]:
        idle = not self._runner.working
        answer = await self._side.ask(
            "plan",
            document=self.document.model_dump(mode="json"),
            folder=str(self.folder),
            name=document_name(self.path),
            read=self.worked_with and not self.needs_trust,
        )
        self._told = answer.born
        facts: Mapping[str, Any] = answer.facts
        return {**facts, "after_run": idle}

    def _took(self, facts: Mapping[str, Any], revision: int) -> None:
        self._knowledge.take(facts, revision)
        if facts["after_run"] and not self._runner.working:
            self._live.settle()
        self._tell_news()

    def _tell_news(self) -> None:
        news = self._knowledge.news(self._nodes())
        if news is not None:
            self.feed.publish(news)

    def _nodes(self) -> dict[str, NodeState]:
        return with_components(self._live.merged(self._knowledge.planned, self._knowledge.recipes))

    # -- running ---------------------------------------------------------------------------------------------------------

    def run(self, targets: list[str] | None, *, again: bool = False) -> None:
        """Start a run. Raises StudioError where it may not run or runs already.

        Everybody is told at once that it is on its way; it begins when all edits so far are known of, which may take a while.
        """
        self._require_trust()
        self._used()

        async def job() -> Job:
            await self._checker.fresh()
            self._run_recipes = dict(self._knowledge.recipes)
            return Job(self.document, self.path, self._flat_targets(targets), again)

        self._runner.start(job, targets)

    def cancel(self) -> None:
        """Stop the run."""
        self._runner.cancel()

    def have_enough(self, node: str) -> None:
        """End what works at a node at its next good point, with what there is by then."""
        self._runner.have_enough(node)

    def _flat_targets(self, targets: list[str] | None) -> list[str] | None:
        """Nodes as the engine names them: a component stands for those in it whose results leave it."""
        if targets is None:
            return None
        flat, shown = flatten(self.document), shown_nodes(self.document)
        found: list[str] = []
        for target in targets:
            inner = [n for n in flat.nodes if n.startswith(f"{target}/")]
            outgoing = [n for n in inner if all(w.target not in inner for w in flat.outgoing[n])]
            found += [target] if target in shown or not inner else outgoing
        return list(dict.fromkeys(found))

    def _on_event(self, event: Event) -> None:
        self._live.note(event, self._run_recipes)
        self.feed.publish(m.Happened(event=event))
        if isinstance(event, RunStarted):
            self._knowledge.tell_again(event.nodes)
        if isinstance(event, NodeFinished) and self._later is None:
            self._later = asyncio.get_running_loop().call_later(WHILE_RUNNING, self._look_again)

    def _look_again(self) -> None:
        self._later = None
        self._checker.changed()

    def _on_run(self, state: RunState, problem: Problem | None) -> None:
        self.last_used = time.monotonic()
        if problem is not None:
            self.feed.publish(m.ProblemTold(problem=problem))
        self.feed.publish(m.RunChanged(state=state.state, targets=state.targets, started_at=state.started_at))
        if state.state == "idle":
            self._checker.changed()

    # -- its end ---------------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Send its pages away, save it, end its processes. Raises DocumentError where it cannot be saved; then it stays open."""
        self.feed.close()
        await self._saver.close()
        if self._later is not None:
            self._later.cancel()
        await self._runner.close()
        await self._checker.close()
        await self._side.close()


def bring_files(document: Document, old: Path, new: Path) -> None:
    """Copy the files that settings name by relative paths, so that they are found from the new folder too."""
    import shutil

    from peephole.core.settings import FilePath
    from peephole.engine.ingredients import marked

    if old == new:
        return
    specs = catalog().specs
    for block in flatten(document).nodes.values():
        spec = specs.get(block.type)
        for name in marked(spec, block.settings, FilePath) if spec else ():
            path = Path(name) if isinstance(name, str) else Path("/")
            source, target = (old / path), (new / path)
            inside = source.resolve().is_relative_to(old) and target.resolve().is_relative_to(new)
            if not path.is_absolute() and inside and source.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
