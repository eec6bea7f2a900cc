"""`peephole unfold`: a network opened as one HTML page that needs no server and no internet."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec
    from peephole.engine.side.planning import Planned
    from peephole.engine.store import Store
    from peephole.neural.view.opened import OpenTrace
    from peephole.workflow.document import Document

HELP = "open a trained network as one HTML page, to be shown anywhere"
ORDER = 45


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, help="a workflow (*.peep.json), or a trace that Trace.save wrote (*.npz)")
    parser.add_argument("--node", metavar="NODE", help="the node whose network is opened: a layer, Train, Predict ...")
    parser.add_argument(
        "--against", metavar="NODE_OR_FILE", help="a second network, to be compared side by side at the same example"
    )
    parser.add_argument("--layer", metavar="NAME", help="the recurrent layer (default: the node's own, or the first)")
    parser.add_argument(
        "--example",
        type=int,
        metavar="K",
        help="the row of the table, counted from 1 (default: the first that is whole)",
    )
    parser.add_argument(
        "--follow",
        metavar="OUTPUT",
        help='what is followed backward instead of the loss: a class or a target column, or "output", the largest '
        "(default: the loss; of an example without its answer the largest output)",
    )
    parser.add_argument("--typed", metavar="JSON", help='a row of your own: \'{"text": "to be or not to be"}\'')
    parser.add_argument("--out", type=Path, metavar="PAGE", help="where to write it (default: beside the file, .html)")
    parser.add_argument("--store", type=Path, metavar="FOLDER", help="where results are kept, as for `peephole run`")


def execute(args: argparse.Namespace) -> int:
    """Write the page; gives the exit code."""
    from peephole.cli.codes import Code
    from peephole.neural.view.page import page

    target = args.out or Path(args.file.name.removesuffix(".peep.json").removesuffix(".npz") + ".html")
    _check_target(target)
    opened = _saved_traces(args) if args.file.suffix == ".npz" else _of_workflow(args)
    target.write_text(page(opened), encoding="utf-8")
    print(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")
    return Code.OK


def _check_target(path: Path) -> None:
    from peephole.cli.errors import UsageError

    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(f"The page cannot be written to {path}.", remedy="Name a file in a folder that exists.")


def _saved_traces(args: argparse.Namespace) -> list[OpenTrace]:
    from peephole.neural import Trace
    from peephole.neural.view.opened import OpenTrace
    from peephole.neural.view.shown import Shown

    files = [args.file, *([Path(args.against)] if args.against else [])]
    return [OpenTrace(Trace.load(file), Shown(title=file.stem)) for file in files]


def _of_workflow(args: argparse.Namespace) -> list[OpenTrace]:
    """The network at the node, trained first where it is not."""
    from peephole.cli.errors import UsageError
    from peephole.core.errors import listing
    from peephole.engine.side.networks import needed_for
    from peephole.engine.side.traces import Traces
    from peephole.engine.store import Store
    from peephole.workflow.files import load

    document, store = load(args.file), Store(args.store)
    if not args.node:
        fitting = [name for name, block in document.nodes.items() if block.type in {"train_network", "load_network"}]
        raise UsageError("Which node's network?", remedy=f"Name it with --node: {listing(fitting) or 'there is none'}.")
    nodes = [_one(document, name) for name in filter(None, (args.node, args.against))]
    with TemporaryDirectory(prefix="peephole-") as spill:
        planner = _Planning(document, args.file, store, Path(spill))
        _run(args, document, store, [step for node in nodes for step in needed_for(planner.plan().plan, node)])
        planned, traces = planner.plan(), Traces(planner.desk, store)
        row = None if args.example is None else args.example - 1
        asked = {"row": row, "typed": args.typed or "", "table": 0, "follow": args.follow or ""}
        opened = [
            traces.opened(planned, {**asked, "node": node, "layer": None if k else args.layer})
            for k, node in enumerate(nodes)
        ]
        traces.close()
    return opened


class _Planning:
    """Plans the workflow, before its run and after it."""

    def __init__(self, document: Document, path: Path, store: Store, spill: Path) -> None:
        from peephole.engine.side.planning import Desk, Planner

        self._document, self._path = document, path
        self.desk = Desk(store, spill)
        self._planner = Planner(store, self.desk)

    def plan(self) -> Planned:
        """As things are now. Raises UsageError for a loop."""
        from peephole.cli.errors import UsageError
        from peephole.engine.run import document_name

        folder = self._path.resolve().parent
        planned, _ = self._planner.plan(self._document, folder=folder, name=document_name(self._path), read=True)
        if planned is None:
            raise UsageError("The workflow has a loop.", remedy="Take one of its wires away.")
        return planned


def _one(document: Document, name: str) -> str:
    """The node named by id or title."""
    from peephole.cli.targets import checked_targets

    return (checked_targets(document, [name], _of_networks, _NO_NETWORK) or [name])[0]


_NO_NETWORK = "None of its nodes holds a network: add layers and Train first."


def _of_networks(spec: NodeSpec) -> bool:
    return any(port.type.name == "Network" for port in (*spec.inputs, *spec.outputs))


def _run(args: argparse.Namespace, document: Document, store: Store, targets: list[str]) -> None:
    """Make what is not there yet, with the run's own display."""
    from peephole.cli.display.show import display
    from peephole.cli.display.watch import Label
    from peephole.cli.errors import UsageError
    from peephole.cli.stopping import stoppable
    from peephole.core.errors import Cancelled
    from peephole.engine.catalog import catalog
    from peephole.engine.run import run
    from peephole.report.labels import flat_labels

    labels = {i: Label(*said) for i, said in flat_labels(document, catalog().specs).items()}
    shown = display(labels, title=document.title or args.file.name, as_json=False, trace=args.trace)
    with shown, stoppable(shown.note) as cancel:
        result = run(document, path=args.file, store=store, targets=targets, on_event=shown, cancel=cancel)
    for problem in result.problems.values():
        raise UsageError(problem.what, remedy=problem.remedy)
    if result.status == "cancelled":
        raise Cancelled
