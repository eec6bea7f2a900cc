"""The list of named data sets, read from data_sets.json beside this file."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, model_validator

from peephole.core.errors import SettingError, listing, nearest


class PackageFile(BaseModel):
    """A file inside a Python package that is installed beside us.  member: of a zip archive."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    version: str
    path: str
    member: str | None = None


class DataSet(BaseModel):
    """One data set.  file: where it lies in the data folder.  sha256: of that file.  mirror: its path in a local mirror."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    description: str
    licence: str
    file: str
    sha256: str
    url: str | None = None
    package: PackageFile | None = None
    mirror: str | None = None

    @model_validator(mode="after")
    def _has_a_source(self) -> DataSet:
        if self.url is None and self.package is None:
            raise ValueError(f"the data set {self.name} has no source")
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
