"""The list of named data sets, read from data_sets.json beside this file."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from peephole.core.errors import SettingError, listing, nearest

_FIXED = re.compile(r"/[0-9a-f]{10,40}/")  # a commit
_MANY = re.compile(r"(.*?)(\d+)\.\.\1(\d+)")  # p000..p783


class PackageFile(BaseModel):
    """A file inside a Python package that is installed beside us.

    name: as it is imported.  distribution: as it is installed, where that is another name.  member: of a zip archive.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    version: str
    path: str
    member: str | None = None
    distribution: str | None = None

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"{self.distribution or self.name}=={self.version}"


class ReadAs(BaseModel):
    """How the file is to be read, where that cannot be found out.

    names: of the columns; `p000..p783` stands for 784.  lines: each line is one cell, in a column of that name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    delimiter: str | None = None
    header: bool | None = None
    quote: str | None = None
    skip: int = 0
    names: tuple[str, ...] = ()
    lines: str | None = None

    @field_validator("names")
    @classmethod
    def _spread(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for name in names for each in _counted(name))


def _counted(name: str) -> list[str]:
    """The names that one entry stands for: `p08..p10` is p08, p09, p10."""
    if not (found := _MANY.fullmatch(name)):
        return [name]
    stem, first, last = found.groups()
    return [f"{stem}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]


class Mirror(BaseModel):
    """The file in a local mirror: its path there (gzipped or not); where it is not the whole file, its own checksum.

    part: how much of the data it holds, in words, where that is not all.  read: where it is written in another way.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str
    sha256: str | None = None
    part: str | None = None
    read: ReadAs | None = None


class DataSet(BaseModel):
    """One data set.  file: where it lies in the data folder.  sha256: of that file, as served at its source.

    Where we could not get the file itself to know its checksum, there is none, and the address names a fixed version, or
    `loose` says in words that not even that is so.  member: the file's name inside the zip archive that the address gives.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    description: str
    licence: str
    file: str
    sha256: str | None = None
    url: str | None = None
    member: str | None = None
    loose: str | None = None
    package: PackageFile | None = None
    mirror: Mirror | None = None
    read: ReadAs = ReadAs()

    @model_validator(mode="after")
    def _has_a_source(self) -> DataSet:
        if self.url is None and self.package is None:
            raise ValueError(f"the data set {self.name} has no source")
        if self.sha256 is None and not self.loose and (self.url is None or not _FIXED.search(self.url)):
            raise ValueError(f"the data set {self.name} has neither a checksum nor an address of a fixed version")
        return self


@cache
def _all() -> dict[str, DataSet]:
    text = resources.files("peephole.data").joinpath("data_sets.json").read_text(encoding="utf-8")
    return {entry["name"]: DataSet.model_validate(entry) for entry in json.loads(text)}


def list_data_sets() -> list[DataSet]:
    """Every data set there is."""
    return list(_all().values())


def find(name: str) -> DataSet:
    """The data set of that name.  Raises SettingError, with the nearest name, where there is none."""
    if name not in _all():
        raise SettingError(
            f'There is no data set "{name}".',
            remedy=f"{nearest(name, _all())} Data sets: {listing(_all())}.".strip(),
            setting="name",
        )
    return _all()[name]
