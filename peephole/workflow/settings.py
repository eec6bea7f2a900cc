"""All that is wrong with a node's settings at once, leaving out those that a wire feeds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, create_model

from peephole.core.errors import SettingError

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec
    from peephole.core.schema import Schema


def setting_problems(spec: NodeSpec, settings: Mapping[str, Any], fed: Collection[str] = ()) -> list[SettingError]:
    """An error for each setting that is missing or has a value it may not have.  fed: settings that come by wire."""
    return _validated(spec, settings, fed)[1]


def column_problems(
    spec: NodeSpec, settings: Mapping[str, Any], schemas: Mapping[str, Schema], fed: Collection[str] = ()
) -> list[SettingError]:
    """An error for each setting that names a column its input (by port) does not have; wrong settings are left out."""
    found: list[SettingError] = []
    values = _validated(spec, settings, fed)[0]
    while True:
        checked = spec.settings.model_construct(**{name: values.get(name) for name in spec.settings.model_fields})
        try:
            spec.check_columns(checked, schemas)
        except SettingError as error:
            found.append(error)
            if values.pop(_name(error), None) is None:
                return found
        else:
            return found


def _validated(
    spec: NodeSpec, settings: Mapping[str, Any], fed: Collection[str]
) -> tuple[dict[str, Any], list[SettingError]]:
    """The values that are right, and the errors. An error hides the next, so what is wrong is left out step by step."""
    found: list[SettingError] = []
    out = set(fed)
    while True:
        try:
            checked = _loosened(spec, out).validate({name: v for name, v in settings.items() if name not in out})
        except SettingError as error:
            found.append(error)
            if _name(error) in out:
                return {}, found
            out.add(_name(error))
        else:
            return {name: getattr(checked, name) for name in type(checked).model_fields}, found


def _loosened(spec: NodeSpec, names: Collection[str]) -> NodeSpec:
    """The same declaration, in which these settings may be anything, or missing."""
    fields = spec.settings.model_fields
    if not any(name in fields for name in names):
        return spec
    loose: dict[str, Any] = {n: (Any, None) if n in names else (f.annotation, f) for n, f in fields.items()}
    config = ConfigDict(**spec.settings.model_config)
    return replace(spec, settings=create_model(spec.settings.__name__, __config__=config, **loose))


def _name(error: SettingError) -> str:
    """The setting that an error is about, of a path as `compute[0].column`."""
    return re.split(r"[.\[]", error.setting or "", maxsplit=1)[0]
