"""`peephole nodes`: the node library, and what one node does."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from peephole.core.node import NodeSpec
    from peephole.engine.catalog import Catalog

HELP = "list the nodes, or explain one"
ORDER = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("name", nargs="*", help="a node's name, or words to look for (as: joiner, lag column)")
    parser.add_argument("--json", action="store_true", help="as JSON, the settings' schema included")


def execute(args: argparse.Namespace) -> int:
    """List or explain; gives the exit code."""
    from rich.console import Console

    from peephole.cli.codes import Code
    from peephole.engine.catalog import catalog

    found = catalog()
    specs = _named(found, " ".join(args.name)) if args.name else list(found.specs.values())
    if args.json:
        told = [described(s) for s in specs]
        print(json.dumps(told[0] if args.name and len(told) == 1 else told, indent=1, ensure_ascii=False))
        return Code.OK
    console = Console(highlight=False)
    if args.name and len(specs) == 1:
        _explain(console, specs[0])
    else:
        _list(console, specs, found.broken)
    return Code.OK


def described(spec: NodeSpec) -> dict[str, Any]:
    """A node as plain data."""
    ports = {
        side: [
            {"name": p.name, "type": p.type.name, "doc": p.doc, "optional": p.optional, "many": p.many} for p in listed
        ]
        for side, listed in (("inputs", spec.inputs), ("outputs", spec.outputs))
    }
    return {
        "type": spec.type,
        "title": spec.title,
        "family": spec.family,
        "icon": spec.icon,
        "version": spec.version,
        "summary": spec.summary,
        "doc": spec.doc,
        **ports,
        "settings": spec.schema,
        "needs": list(spec.needs),
        "also": list(spec.also),
    }


def _named(found: Catalog, name: str) -> list[NodeSpec]:
    """The node of that type or title, else those that the words fit; raises UsageError with the nearest name."""
    from peephole.cli.errors import UsageError
    from peephole.core.errors import nearest
    from peephole.core.find import find

    wanted = name.casefold().replace(" ", "_").replace("-", "_")
    for spec in found.specs.values():
        if wanted in (spec.type.casefold(), spec.title.casefold().replace(" ", "_").replace("-", "_")):
            return [spec]
    if fitting := find(name, found.specs.values()):
        return fitting
    raise UsageError(
        f'There is no node "{name}".', remedy=f"{nearest(name, found.specs)} `peephole nodes` lists them all.".strip()
    )


def _list(console: Console, specs: list[NodeSpec], broken: list[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    from peephole.core.families import family_title, in_order

    families: dict[str, list[NodeSpec]] = {}
    for spec in specs:
        families.setdefault(spec.family, []).append(spec)
    width = max((len(s.type) for s in specs), default=0)
    for family in in_order(set(families)):
        families[family].sort(key=lambda s: s.type)
        console.print()
        console.print(Text(family_title(family), "bold"))
        grid = Table.grid(padding=(0, 2), pad_edge=False)
        grid.add_column(width=width, no_wrap=True, style="cyan")
        grid.add_column(style="default", overflow="fold")
        for spec in families[family]:
            grid.add_row(spec.type, Text(spec.summary))
        console.print(grid)
    for message in broken:
        console.print(Text(message, "yellow"))
    if not specs:
        console.print("No nodes are installed.")


def _explain(console: Console, spec: NodeSpec) -> None:
    from rich.text import Text

    from peephole.report.labels import value_text

    console.print(Text.assemble((spec.title, "bold"), ("  " + spec.type, "cyan"), (f"  {spec.family}", "dim")))
    for paragraph in spec.doc.split("\n\n"):
        console.print(Text(" ".join(paragraph.split())))
    for title, ports in (("Inputs", spec.inputs), ("Outputs", spec.outputs)):
        if ports:
            rows = [
                (p.name, p.type.name + (", several" if p.many else ", optional" if p.optional else ""), p.doc)
                for p in ports
            ]
            _section(console, title, rows)
    fields = spec.settings.model_fields
    rows = []
    for name, doc in spec.setting_docs.items():
        must = fields[name].is_required()
        default = "" if must else value_text(spec.defaults.get(name))
        rows.append(
            (
                name,
                "needed" if must else default if len(default) <= 24 else default[:23] + "…",
                _one_of(spec, name, doc),
            )
        )
    if rows:
        _section(console, "Settings", rows)
    if spec.also:
        console.print()
        console.print(Text(f"Also known as: {', '.join(spec.also)}", "dim"))
    if spec.needs:
        console.print()
        console.print(
            Text(
                f"Needs: {', '.join(spec.needs)}" + (f" (pip install 'peephole[{spec.pack}]')" if spec.pack else ""),
                "dim",
            )
        )


def _one_of(spec: NodeSpec, name: str, doc: str) -> str:
    """The description, and the choices where there are few."""
    field = spec.schema.get("properties", {}).get(name, {})
    choices = field.get("enum") or next((o["enum"] for o in field.get("anyOf", ()) if "enum" in o), ())
    return f"{doc} One of: {', '.join(map(str, choices))}." if choices else doc


def _section(console: Console, title: str, rows: list[tuple[str, str, str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print()
    console.print(Text(title, "bold"))
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column(no_wrap=True, style="cyan")
    grid.add_column(style="dim", max_width=24)
    grid.add_column(overflow="fold")
    for name, kind, doc in rows:
        grid.add_row(name, Text(kind), Text(doc))
    console.print(grid)
