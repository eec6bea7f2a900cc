"""A node is a typed function: `@node` reads its signature and its docstring, and that is the whole declaration.

    @node(family="rows", icon="group")
    def group_by(table: Table, *, keys: Columns, compute: list[Aggregate] = []) -> Table:
        \"\"\"One row for each combination of the key columns.

        table: rows to group.
        keys: the columns whose combinations make the groups.
        compute: what to compute of each group.
        \"\"\"

Positional parameters are input ports, keyword-only ones are settings, the return type gives the output ports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import metadata
from typing import Any, Literal

from pydantic import BaseModel

from peephole.core.checked import validated
from peephole.core.colours import Colours
from peephole.core.declare import Port, SettingsModel, read_declaration
from peephole.core.errors import (
    ColumnError,
    DeclarationError,
    MissingLibraryError,
    SettingError,
    UnsetError,
    listing,
    nearest,
)
from peephole.core.schema import Schema, accepts, visible
from peephole.core.settings import column_uses
from peephole.core.sources import Narrowing

Settings = dict[str, Any]
Migration = Callable[[Settings], Settings]
# From the settings and the number of wires at each port: by port, the places of the wires that are used (all where left out).
Choice = Callable[[Any, Mapping[str, int]], Mapping[str, Sequence[int]]]


@dataclass(frozen=True)
class NodeSpec:
    """Everything known of a node without running it.

    type: its stable id in documents.  runs: "engine" where it only builds table expressions, so that neighbours become one
    query; "outside" where it computes on rows itself.  data_dependent: its output's columns depend on the rows.
    light: recomputing it costs less than reading its result back.  effect: it changes something outside (writes a file).
    code: one of its settings is run as a program, so that a workflow from elsewhere needs the person's trust first.
    needs: distributions whose version belongs to the result.  pack: the extra that installs them.
    ahead: called like the function, on empty tables and drawn networks, before anything runs: raises what is wrong, and gives
    the outputs that are known by then (None for the others).
    also: names that people know it by from other programs; searching finds them.
    says: what its settings come to in one line, with their names in braces (`workflow/describe.py`); a part in brackets is left
    out where one of its settings is empty. What stands behind a colon says how: `{share:%}`, `{rows:row}` (counted).
    paints: the colours that its settings choose for columns of its table, for every drawing that follows.
    source: it reads from outside, where nobody tells what has changed: always stored, fetched anew as `Refresh` says.
    narrows: what of its table it needs, by its settings, so that a source before it reads no more.
    chooses: which of its wires it uses, told by its settings: what only the others need does not run.
    rescues: the port whose failure does not stop it: it then gets nothing there.
    lasts: the setting that says for how long it works. What it keeps of its work (`core/checkpoint.py`) serves every value of
    that setting, and a person may have it end early with what there is.
    """

    type: str
    title: str
    family: str
    icon: str
    version: int
    doc: str
    summary: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    settings: SettingsModel
    setting_docs: Mapping[str, str]
    runs: Literal["engine", "outside"]
    data_dependent: bool
    light: bool
    effect: bool
    needs: tuple[str, ...]
    pack: str
    migrations: Mapping[int, Migration]
    function: Callable[..., Any] = field(repr=False)
    also: tuple[str, ...] = ()
    says: str = ""
    code: bool = False
    paints: Callable[[BaseModel], Colours] | None = field(default=None, repr=False)
    ahead: Callable[..., Any] | None = field(default=None, repr=False)
    source: bool = False
    narrows: Callable[[BaseModel], Narrowing] | None = field(default=None, repr=False)
    chooses: Choice | None = field(default=None, repr=False)
    rescues: str = ""
    lasts: str = ""

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the settings, for forms."""
        return self.settings.model_json_schema()

    @property
    def defaults(self) -> Settings:
        """The settings that have a default, as plain JSON data."""
        fields = self.settings.model_fields
        made = self.settings.model_construct()
        return {n: v for n, v in made.model_dump(mode="json", warnings=False).items() if not fields[n].is_required()}

    def input(self, name: str) -> Port | None:
        """The input port of that name."""
        return next((p for p in self.inputs if p.name == name), None)

    def output(self, name: str) -> Port | None:
        """The output port of that name."""
        return next((p for p in self.outputs if p.name == name), None)

    def validate(self, settings: Mapping[str, Any]) -> BaseModel:
        """The settings, checked and with defaults filled in; raises SettingError that names the field."""
        return validated(self, settings)

    def check_columns(self, settings: BaseModel, schemas: Mapping[str, Schema]) -> None:
        """Raise ColumnError where a setting names a column that its input (by port name) does not have; UnsetError for ""."""
        for use_path, wanted, names, port in self.columns_named(settings):
            if port not in schemas:
                continue
            schema = schemas[port]
            for name in names:
                if name not in schema:
                    raise _no_column(self, name, use_path, schema, port)
                if not accepts(wanted, schema[name]):
                    raise ColumnError(
                        f'{self.title}: the column "{name}" is of type {schema[name]}, '
                        f"and {use_path} takes {' or '.join(wanted)}.",
                        remedy="Choose another column, or cast this one first.",
                        setting=use_path,
                    )

    def columns_named(self, settings: BaseModel) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
        """Where settings name columns: (setting's path, types wanted, names, input port)."""
        first = next((p.name for p in self.inputs if p.type.name == "Table"), "")
        for name, declared in self.settings.__annotations__.items():
            for use in column_uses(declared, getattr(settings, name), name):
                yield use.path, use.picker.types, use.names, use.picker.port or first

    def migrate(self, settings: Settings, version: int) -> Settings:
        """Settings saved by an older version of this node, as today's version wants them."""
        for step in range(version, self.version):
            settings = self.migrations[step](dict(settings))
        return settings

    def require_libraries(self) -> dict[str, str]:
        """Versions of the libraries this node needs; raises MissingLibraryError with the way to install them."""
        found = {}
        for name in self.needs:
            try:
                found[name] = _version(name)
            except metadata.PackageNotFoundError:
                raise MissingLibraryError(
                    f"{self.title}: {name} is not installed.",
                    remedy=f"Install it: pip install 'peephole[{self.pack}]'." if self.pack else f"pip install {name}.",
                ) from None
        return found


@cache
def _version(distribution: str) -> str:
    return metadata.version(distribution)


class Node:
    """A declared node: still the function it was. Called plainly it takes any frame Narwhals knows and gives that kind back."""

    def __init__(self, spec: NodeSpec) -> None:
        self.spec = spec
        self.__name__ = spec.function.__name__
        self.__qualname__ = spec.function.__qualname__
        self.__module__ = spec.function.__module__
        self.__doc__ = spec.function.__doc__
        self.__wrapped__ = spec.function

    def __repr__(self) -> str:
        return f"<node {self.spec.type}>"

    def __call__(self, *inputs: Any, **settings: Any) -> Any:
        """Run the node as an ordinary function: ports first, settings by keyword."""
        spec = self.spec
        spec.require_libraries()
        checked = spec.validate({k: v for k, v in settings.items() if spec.input(k) is None})
        restore: dict[str, Callable[[Any], Any]] = {}
        adapted: list[Any] = []
        schemas: dict[str, Schema] = {}
        for port, value in bind(spec, inputs, {k: v for k, v in settings.items() if spec.input(k) is not None}):
            inner, back = port.type.load_codec().adapt(value) if value is not None else (None, None)
            adapted.append(inner)
            if back is not None:
                restore.setdefault(port.type.name, back)
            if inner is not None and port.type.name == "Table":
                schemas[port.name] = _schema(inner)
        spec.check_columns(checked, schemas)
        return _restored(spec, spec.function(*adapted, **arguments(checked)), restore)


def arguments(settings: BaseModel) -> Settings:
    """Checked settings as keyword arguments."""
    return {name: getattr(settings, name) for name in type(settings).model_fields}


def bind(spec: NodeSpec, given: Sequence[Any], named: Mapping[str, Any]) -> list[tuple[Port, Any]]:
    """Pair the values of a plain call with the input ports, in order; None where an optional port is given nothing.

    named: ports given by keyword.  Raises SettingError where too many or too few values are given.
    """
    single = [port for port in spec.inputs if not port.many]
    many = next((port for port in spec.inputs if port.many), None)
    if len(given) > len(single) and many is None:
        raise _wrong_call(spec, f"takes {len(single)} inputs, and got {len(given)}", "Settings are given by keyword")
    values = {port.name: value for port, value in zip(single, given, strict=False)}
    for name in named:
        if many is not None and name == many.name:
            raise _wrong_call(spec, f'"{name}" takes any number of values', "Give them one after the other, unnamed")
        if name in values:
            raise _wrong_call(spec, f'"{name}" is given twice', "Give it once")
    values |= named
    missing = [port.name for port in single if not port.optional and values.get(port.name) is None]
    if missing:
        raise _wrong_call(spec, f"nothing is given for {listing(missing)}", "Give each input port a value")
    pairs = [(port, values.get(port.name)) for port in single]
    return pairs + ([(many, value) for value in given[len(single) :]] if many is not None else [])


def _wrong_call(spec: NodeSpec, what: str, remedy: str) -> SettingError:
    return SettingError(f"{spec.title}: {what}.", remedy=f"{remedy}.")


def node(
    *,
    family: str,
    icon: str = "",
    title: str = "",
    version: int = 1,
    migrations: Mapping[int, Migration] | None = None,
    outside: bool = False,
    data_dependent: bool = False,
    light: bool = False,
    effect: bool = False,
    needs: Sequence[str] = (),
    pack: str = "",
    also: Sequence[str] = (),
    says: str = "",
    code: bool = False,
    paints: Callable[[Any], Colours] | None = None,
    ahead: Callable[..., Any] | None = None,
    source: bool = False,
    narrows: Callable[[Any], Narrowing] | None = None,
    chooses: Choice | None = None,
    rescues: str = "",
    lasts: str = "",
) -> Callable[[Callable[..., Any]], Node]:
    """Declare the function below as a node; see the module's example and NodeSpec for the meaning of each argument.

    outside: it looks at rows itself although all its ports are tables.
    Raises DeclarationError at import, naming the remedy, where the declaration is incomplete.
    """

    def declare(function: Callable[..., Any]) -> Node:
        declared = read_declaration(function, family=family, version=version, migrations=migrations or {})
        tables_only = all(p.type.name == "Table" for p in (*declared.inputs, *declared.outputs))
        if lasts and lasts not in declared.settings.model_fields:
            raise DeclarationError(
                f'{declared.type}: lasts="{lasts}" names no setting.', remedy="Name the setting that says for how long."
            )
        engine = tables_only and not (outside or effect or code)
        return Node(
            NodeSpec(
                type=declared.type,
                title=title or declared.title,
                family=family,
                icon=icon or family,
                version=version,
                doc=declared.doc,
                summary=declared.summary,
                inputs=declared.inputs,
                outputs=declared.outputs,
                settings=declared.settings,
                setting_docs=declared.setting_docs,
                runs="engine" if engine else "outside",
                data_dependent=data_dependent,
                light=light,
                effect=effect,
                needs=tuple(needs),
                pack=pack,
                migrations=dict(migrations or {}),
                function=function,
                also=tuple(also),
                says=says,
                code=code,
                paints=paints,
                ahead=ahead,
                source=source,
                narrows=narrows,
                chooses=chooses,
                rescues=rescues,
                lasts=lasts,
            )
        )

    return declare


def _schema(frame: Any) -> Schema:
    from importlib import import_module

    schema_of: Callable[[Any], Schema] = import_module("peephole.tables.schema").schema_of
    return schema_of(frame)


def _without_rows(frame: Any) -> Any:
    from importlib import import_module

    without_rows: Callable[[Any], Any] = import_module("peephole.tables.order").without_rows
    return without_rows(frame)


def _restored(spec: NodeSpec, result: Any, restore: Mapping[str, Callable[[Any], Any]]) -> Any:
    def back(port: Port, value: Any) -> Any:
        if port.type.name in restore:
            return restore[port.type.name](value)
        return _without_rows(value) if port.type.name == "Table" else value  # what a reader numbers is not shown

    if not spec.outputs:
        return result
    if len(spec.outputs) == 1:
        return back(spec.outputs[0], result)
    return type(result)(*(back(p, v) for p, v in zip(spec.outputs, result, strict=True)))


def _no_column(spec: NodeSpec, name: str, path: str, schema: Schema, port: str) -> SettingError:
    known = visible(list(schema))
    if not name:
        return UnsetError(f"{spec.title}: no column is chosen.", remedy=f"Columns: {listing(known)}.", setting=path)
    where = f" in {port}" if sum(p.type.name == "Table" for p in spec.inputs) > 1 else ""
    hint = nearest(name, known)
    return ColumnError(
        f'{spec.title}: there is no column "{name}"{where}.',
        remedy=f"{hint} Columns: {listing(known)}.".strip(),
        setting=path,
    )
