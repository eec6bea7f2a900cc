"""The node reference, made from the nodes themselves: `python docs/reference.py` writes docs/nodes/.

A page a family. What a node does, its ports and settings come from its declaration; its example from the settings that the
tests run it with (tests/conformance/examples). The outputs under the examples are printed by running them, and
tests/docs/test_reference.py holds both against the code.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from pprint import pformat
from typing import Any

from peephole.core.declare import Port
from peephole.core.families import family_title, in_order
from peephole.core.node import NodeSpec
from peephole.engine.catalog import catalog
from peephole.tables.formula_words import FUNCTIONS

FOLDER = Path(__file__).parent / "nodes"
FORMULAS = Path(__file__).parent / "formulas.md"
EXAMPLES = Path(__file__).parents[1] / "tests" / "conformance" / "examples"

SETUP = """```python
import datetime

import pandas as pd

pd.set_option("display.width", 110, "display.max_columns", 8, "display.max_colwidth", 32)
days = [datetime.date(2013, 1, 1) + datetime.timedelta(days=n) for n in range(60)]
table = pd.DataFrame({
    "k": [["a", "b", None, "ä"][n % 4] for n in range(60)],
    "g": pd.array([None if n % 5 == 0 else n % 3 for n in range(60)], dtype="Int64"),
    "v": [None if n % 7 == 3 else (n * 37 % 50 - 25) / 4 for n in range(60)],
    "b": pd.array([[True, False, None][n % 3] for n in range(60)], dtype="boolean"),
    "d": pd.array(days, dtype="date32[pyarrow]"),
    "t": [datetime.datetime(2013, 1, 1) + datetime.timedelta(hours=5 * n) for n in range(60)],
})
table.to_csv("sample.csv", index=False)
table.to_parquet("sample.parquet", index=False)
table.to_excel("sample.xlsx", index=False)
table.to_json("sample.jsonl", orient="records", lines=True, date_format="iso")
table.to_xml("sample.xml", index=False, parser="etree")
```"""


MORE_SETUP = {
    "io": """A database and a web server to read from:

```python
import contextlib
import os
import sqlite3
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

with contextlib.closing(sqlite3.connect("sample.db")) as database:
    table[["k", "g", "v"]].to_sql("sample", database, index=False)
server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=os.getcwd()))
threading.Thread(target=server.serve_forever, daemon=True).start()
web = f"http://127.0.0.1:{server.server_port}"
```""",
    "networks": """A saved network to load:

```python
from peephole.nodes.networks.inputs import number_input
from peephole.nodes.networks.files import save_network

saved = save_network(number_input(table, columns=["v"]), path="sample.peepnet")
```""",
}


def load_examples() -> dict[str, dict[str, Any]]:
    """Settings and inputs by node type."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(EXAMPLES.glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def specs_by_family() -> dict[str, list[NodeSpec]]:
    """Our own nodes, families in the order of the palette, then by title."""
    found: dict[str, list[NodeSpec]] = {}
    for spec in catalog().specs.values():
        if spec.function.__module__.startswith("peephole."):
            found.setdefault(spec.family, []).append(spec)
    return {family: sorted(found[family], key=lambda s: s.title) for family in in_order(set(found))}


def page(family: str, specs: Iterable[NodeSpec], examples: dict[str, dict[str, Any]]) -> str:
    """A family's page, without the examples' outputs."""
    specs = list(specs)
    title = family_title(family)
    parts = [
        f"# {title}",
        "Made by `python docs/reference.py`. Every example runs on the table that the first block makes; the tests run them all.",
        "  \n".join(f"[{spec.title}](#{_anchor(spec.title)}): {spec.summary}" for spec in specs),
        SETUP,
        *filter(None, [MORE_SETUP.get(family)]),
        *(part for spec in specs for part in _node(spec, examples)),
    ]
    return "\n\n".join(parts) + "\n"


def index(families: dict[str, list[NodeSpec]]) -> str:
    """The first page: every family with its nodes."""
    lines = [
        "# The nodes",
        "",
        "Made by `python docs/reference.py`; `peephole nodes NAME` shows the same in a terminal.",
        "",
    ]
    for family, specs in families.items():
        lines += [f"## [{family_title(family)}]({family}.md)", ""]
        lines += [f"- [{s.title}]({family}.md#{_anchor(s.title)}): {s.summary}" for s in specs] + [""]
    return "\n".join(lines)


def _node(spec: NodeSpec, examples: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield f"## {spec.title}"
    yield "\n\n".join(" ".join(paragraph.split()) for paragraph in spec.doc.split("\n\n"))
    if spec.also:
        yield f"Known elsewhere as {', '.join(spec.also)}."
    ports = [("in", p) for p in spec.inputs] + [("out", p) for p in spec.outputs]
    if ports:
        rows = [f"| {side} | `{p.name}` | {_type(p)} | {_cell(p.doc)} |" for side, p in ports]
        yield "\n".join(["| port | name | type | |", "| --- | --- | --- | --- |", *rows])
    if spec.setting_docs:
        rows = [f"| `{name}` | {_default(spec, name)} | {_cell(text)} |" for name, text in spec.setting_docs.items()]
        yield "\n".join(["| setting | default | |", "| --- | --- | --- |", *rows])
    if spec.needs:
        yield f"Needs {', '.join(spec.needs)}" + (f": `pip install 'peephole[{spec.pack}]'`." if spec.pack else ".")
    yield f"```python\n{_example(spec, examples)}```"


def _type(port: Port) -> str:
    return port.type.name + (", several" if port.many else ", optional" if port.optional else "")


def _default(spec: NodeSpec, name: str) -> str:
    if spec.settings.model_fields[name].is_required():
        return "needed"
    text = json.dumps(spec.defaults.get(name), ensure_ascii=False)
    return f"`{_cell(text)}`" if len(text) <= 40 else "see `peephole nodes`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _anchor(title: str) -> str:
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")


def _example(spec: NodeSpec, examples: dict[str, dict[str, Any]]) -> str:
    """A call of the node, those of the nodes that feed it before it, and what it gives."""
    lines: list[str] = []
    imports: dict[str, str] = {}
    call = _call(spec, examples, lines, imports)
    text = "".join(f"from {module} import {name}\n" for name, module in sorted(imports.items(), key=lambda i: i[::-1]))
    body = [*lines, *_shown(spec, call)]
    return f"{text}\n" + "\n".join(body) + "\n"


def _call(
    spec: NodeSpec,
    examples: dict[str, dict[str, Any]],
    lines: list[str],
    imports: dict[str, str],
    others: dict[str, Any] | None = None,
) -> str:
    imports[spec.function.__name__] = spec.function.__module__
    example = examples[spec.type] if others is None else {**examples[spec.type], "settings": others}
    given = []
    for port in spec.inputs:
        named = example.get("inputs", {})
        if port.many or not port.optional or port.name in named:
            sources = named.get(port.name)
            for source in sources if isinstance(sources, list) else [sources]:
                value = "table" if source is None else _fed(source, examples, lines, imports)
                given.append(f"{port.name}={value}" if port.optional and not port.many else value)
    settings = [f"{key}={_literal(value)}" for key, value in example.get("settings", {}).items()]
    inline = f"{spec.function.__name__}({', '.join(given + settings)})"
    if len(inline) <= 100:
        return inline
    inner = [f"    {', '.join(given)}," if given else "", *(f"    {one}," for one in settings)]
    return "\n".join([f"{spec.function.__name__}(", *filter(None, inner), ")"])


def _fed(source: dict[str, Any], examples: dict[str, dict[str, Any]], lines: list[str], imports: dict[str, str]) -> str:
    """The name of what another node gives, whose call is put before."""
    spec = catalog().require(source["node"]).spec
    name = spec.function.__name__.removesuffix("_learner") + "_result"
    line = f"{name} = {_call(spec, examples, lines, imports, source.get('settings'))}"
    if line not in lines:
        lines.append(line)
    return name if len(spec.outputs) == 1 else f"{name}.{source.get('output', spec.outputs[0].name)}"


def _literal(value: Any) -> str:
    text = pformat(value, width=90, sort_dicts=False, indent=1).replace("\n", "\n    ")
    return f"f{text}" if "{web}" in text else text


def _shown(spec: NodeSpec, call: str) -> Iterator[str]:
    if not spec.outputs:
        yield call
        return
    yield f"result = {call}"
    for port in spec.outputs:
        value = "result" if len(spec.outputs) == 1 else f"result.{port.name}"
        match port.type.name:
            case "Table":
                yield f"print({value}.head(5))"
            case "Variable" if spec.effect:
                yield f'print(str({value}.value).rpartition("/")[2])'  # no path of this machine
            case "Variable":
                yield f"print({value}.value)"
            case "Figure" | "Model" | "Report":
                yield f"print({value}.title)"
            case _:
                yield f"print({value})"


def formulas() -> str:
    """The page of what a formula may use."""
    lists = "\n\n".join(
        f"## {topic}\n\n{', '.join(f'`{name}`' for name in names)}" for topic, names in FUNCTIONS.items()
    )
    return f"""# Formulas

Made by `python docs/reference.py`.

Filter rows, Formula, Rule engine and other nodes take SQL expressions, such as `price * 1.2`, `upper(name)`,
`CASE WHEN age < 18 THEN 'child' ELSE 'adult' END`, `city IN ('Rome', 'Oslo')`, `name LIKE 'A%'`, `date_diff('day', start, stop)`.
A column whose name is not a plain word stands in double quotes, as `"Arrival Delay"`; a text in single ones. Whether
a value is missing is asked with `x IS NULL`: nothing is equal to a missing value. These functions can be used; each does what
[DuckDB's page](https://duckdb.org/docs/stable/sql/functions/overview) says of it.

{lists}
"""


def main() -> None:
    """Write every page, then run its examples and put their outputs in."""
    sys.path.insert(0, str(Path(__file__).parent))
    import pages

    FOLDER.mkdir(exist_ok=True)
    examples, families = load_examples(), specs_by_family()
    for old in FOLDER.glob("*.md") if len(sys.argv) == 1 else ():
        old.unlink()
    (FOLDER / "README.md").write_text(index(families), encoding="utf-8")
    FORMULAS.write_text(formulas(), encoding="utf-8")
    for family in sys.argv[1:] or families:
        path = FOLDER / f"{family}.md"
        path.write_text(page(family, families[family], examples), encoding="utf-8")
        pages.write(path, keep_files=False)
        print(path, len(families[family]), "nodes", flush=True)


if __name__ == "__main__":
    main()
