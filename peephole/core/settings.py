"""The kinds of settings a node may have, as annotations that validate, render the form and word the error.

    keys: Columns                                            # any columns of the first table
    amount: Annotated[str, ColumnPicker(types=("number",))]  # one numeric column
    column: Annotated[str, ColumnPicker(port="right")]       # of another input
    share: Annotated[float, Between(0, 1)]
    how: Literal["inner", "left"] = "inner"                  # a choice
    where: Formula                                           # a SQL expression over the columns

Each marker adds an `x-...` entry to the JSON Schema, from which the studio chooses the form's component.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Group(BaseModel):
    """A setting made of several: subclass it, and put it in a list for a table of settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def words(self) -> str:
        """The group in a few words, for the line that says what a node is set to; subclasses say it better."""
        set_ = ((name.replace("_", " "), getattr(self, name)) for name in type(self).model_fields)
        texts = (name if value is True else value for name, value in set_)
        lists = (", ".join(map(str, one)) if isinstance(one, list) else one for one in texts)
        return " ".join(str(one) for one in lists if one not in (None, "", False) and not isinstance(one, dict))


@dataclass(frozen=True)
class Marker:
    """Adds `x-<kind>` with its own fields to the JSON Schema of the setting."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(schema)
        found[f"x-{self.kind}"] = self.described()
        return found

    def described(self) -> dict[str, Any]:
        """The marker as plain data."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in vars(self).items()}

    @property
    def kind(self) -> str:
        """The entry's name in the schema."""
        return type(self).__name__.lower()


@dataclass(frozen=True)
class ColumnPicker(Marker):
    """The value names columns of a table port (the node's first one where `port` is not given), of these types.

    types: "number" (integers too), "integer", "text", "boolean", "date" (datetimes too), "category" ...; empty: any.
    """

    port: str | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormulaText(Marker):
    """The value is a SQL expression over the columns of a table port.  gives: the type it must have, if any."""

    port: str | None = None
    gives: Literal["any", "boolean", "number"] = "any"


@dataclass(frozen=True)
class FilePath(Marker):
    """The value is a path.  mode: whether the file is read or written.  patterns: the usual endings."""

    mode: Literal["read", "write", "folder"] = "read"
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset(Marker):
    """The value is the name of a registered data set."""


@dataclass(frozen=True)
class Drawn(Marker):
    """The value is what was chosen in the node's own figure: the studio sets it by drawing there, not in the form."""


@dataclass(frozen=True)
class ColourPicker(Marker):
    """The value is a colour."""


@dataclass(frozen=True)
class Refresh(Marker):
    """The value says when a source is fetched anew: "each run", or "by hand" (`peephole run --refetch`)."""


@dataclass(frozen=True)
class Database(Marker):
    """The value names a database: a file, or an address without a password.  writes: whether it is written to."""

    writes: bool = False


@dataclass(frozen=True)
class Multiline(Marker):
    """The value is a longer text."""

    language: str = "text"


@dataclass(frozen=True)
class RowsOf(Marker):
    """The value is rows of cells typed in: lists in the order of the columns that another setting of the node describes.

    columns: the name of that setting: a list of groups with a `name` and a `type`. The form shows both as one sheet.
    """

    columns: str


@dataclass(frozen=True)
class Applies(Marker):
    """The value counts only while another setting of the same group has one of these values: else the form leaves it out."""

    setting: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class SettingsOf(Marker):
    """The value speaks of settings of another node, which a setting beside it, or around its group, chooses by name.

    A dict gives such settings by name, and a text names one of them.
    chosen_by: the setting that chooses.  nodes: its choices, each with where that node is declared ("package.module:function").
    without: settings that are not to be given here.
    named: the setting beside it that names one of them: then the value, or each in a list, is for that one.
    """

    chosen_by: str
    nodes: tuple[tuple[str, str], ...]
    without: tuple[str, ...] = ()
    named: str = ""

    def described(self) -> dict[str, Any]:
        """As plain data, with the types of the nodes."""
        types = {choice: node_type(*place.split(":")) for choice, place in self.nodes}
        return {**super().described(), "nodes": types}


def node_type(module: str, function: str) -> str:
    """A node's id in documents: `group_by` for our own, `package/name` for those of other packages."""
    package = module.partition(".")[0]
    return function if package == "peephole" else f"{package}/{function}"


def Between(low: float | None = None, high: float | None = None) -> Any:  # noqa: N802 - reads as a type
    """A number not below `low` and not above `high`."""
    return Field(ge=low, le=high)


Column = Annotated[str, ColumnPicker()]
Columns = Annotated[list[str], ColumnPicker()]
NumberColumn = Annotated[str, ColumnPicker(types=("number",))]
NumberColumns = Annotated[list[str], ColumnPicker(types=("number",))]
Formula = Annotated[str, FormulaText(), Field(min_length=1)]
Condition = Annotated[str, FormulaText(gives="boolean"), Field(min_length=1)]
ReadPath = Annotated[str, FilePath("read"), Field(min_length=1)]
WritePath = Annotated[str, FilePath("write"), Field(min_length=1)]
Colour = Annotated[str, ColourPicker(), Field(pattern="^#[0-9A-Fa-f]{6}$")]
Refreshing = Annotated[Literal["each run", "by hand"], Refresh()]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, description="The same seed gives the same rows.")]


@dataclass(frozen=True)
class ColumnUse:
    """One place where settings name columns: the setting's path, the picker, and the names."""

    path: str
    picker: ColumnPicker
    names: tuple[str, ...]


def column_uses(annotation: Any, value: Any, path: str) -> Iterator[ColumnUse]:
    """Every column that a validated value names, found through the markers in its annotation."""
    if value is None:
        return
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        picker = next((m for m in marks if isinstance(m, ColumnPicker)), None)
        if picker is None:
            yield from column_uses(inner, value, path)
        else:
            yield ColumnUse(path, picker, (value,) if isinstance(value, str) else tuple(value))
    elif origin in (Union, UnionType):
        for option in get_args(annotation):
            yield from column_uses(option, value, path)
    elif origin is list and isinstance(value, list):
        for i, item in enumerate(value):
            yield from column_uses(get_args(annotation)[0], item, f"{path}[{i}]")
    elif origin is dict and isinstance(value, dict):
        key_type, value_type = get_args(annotation)
        for key, item in value.items():
            yield from column_uses(key_type, key, path)
            yield from column_uses(value_type, item, f"{path}[{key}]")
    elif isinstance(value, BaseModel) and annotation is type(value):
        for name, field in type(value).model_fields.items():
            marked = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            yield from column_uses(marked, getattr(value, name), f"{path}.{name}")


@dataclass(frozen=True)
class Elsewhere:
    """One place where settings speak of another node's: its path, the marker and the value.

    choice: what chooses the node.  named: the setting that the value is for, where it is for one.
    """

    path: str
    mark: SettingsOf
    value: Any
    choice: Any
    named: Any


def settings_elsewhere(
    settings: BaseModel, path: str = "", around: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[Elsewhere]:
    """Every such place in validated settings.  path, around: of the group that they are, and what is set around it."""
    fields = type(settings).model_fields
    beside = {**around, **{name: getattr(settings, name) for name in fields}}
    for name, field in fields.items():
        place, value = f"{path}.{name}".removeprefix("."), beside[name]
        for mark in field.metadata:
            if isinstance(mark, SettingsOf):
                yield Elsewhere(place, mark, value, beside.get(mark.chosen_by), beside.get(mark.named))
        entries = enumerate(value) if isinstance(value, list) else ()
        for at, group in [(place, value), *((f"{place}[{i}]", one) for i, one in entries)]:
            if isinstance(group, BaseModel):
                yield from settings_elsewhere(group, at, beside)
