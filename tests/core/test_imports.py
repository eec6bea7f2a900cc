"""The core is light: what a node is made of imports no data library. Port types are told apart in two ways."""

from __future__ import annotations

import subprocess
import sys

import pytest

from peephole.core import errors
from peephole.core.errors import DeclarationError, PeepholeError
from peephole.core.types import PortType, Table, port_type_of, port_types, register_port_type

HEAVY = [
    *("narwhals", "duckdb", "pandas", "polars", "pyarrow", "numpy", "scipy"),
    *("torch", "numba", "sklearn", "matplotlib", "sqlglot", "rich"),
]


@pytest.mark.parametrize(
    ("statement", "also_light"),
    [
        ("import peephole", ["pydantic"]),
        ("import peephole.core.node", []),
        ("import peephole.workflow", []),
        ("from peephole.core import types, settings, progress, errors", []),
    ],
)
def test_imports_are_light(statement, also_light):
    code = f"{statement}; import sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stdout.split()} & {*HEAVY, *also_light}


def test_port_types_differ_in_colour_and_in_shape():
    types = list(port_types().values())
    assert len(types) >= 5
    for what in ("name", "colour", "shape", "codec"):
        values = [getattr(t, what) for t in types]
        assert len(set(values)) == len(values), what
    assert all(t.doc.endswith(".") for t in types)


@pytest.mark.parametrize("name", sorted(port_types()))
def test_the_codec_of_every_port_type_can_be_loaded(name):
    codec = port_types()[name].load_codec()
    assert codec is port_types()[name].load_codec()
    assert all(callable(getattr(codec, what)) for what in ("save", "load", "content_key", "summary", "adapt"))


def test_a_port_type_is_registered_once():
    table = port_types()["Table"]
    register_port_type(Table, table)  # the same again
    for python, port_type in (
        (Table, port_types()["Model"]),
        (dict, PortType("Table", "#fff", "star", "x:Y", "Other.")),
    ):
        with pytest.raises(DeclarationError, match=r"registered twice. Choose another name"):
            register_port_type(python, port_type)
    assert port_type_of([]) is None
    assert port_type_of(int) is None


def test_every_error_has_an_id_of_its_own_and_stands_in_the_tree():
    found = {v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, PeepholeError)}
    assert len({e.id for e in found}) == len(found)
    for error in found:
        assert f"── {error.__name__}" in errors.__doc__ or error is PeepholeError
        assert error.__doc__
    assert str(errors.DataError("It is bad.", remedy="Mend it.")) == "It is bad. Mend it."
