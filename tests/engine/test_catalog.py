"""The catalog finds nodes through entry points; a foreign package that fails is reported and stops nobody."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap

import pytest
from engine_flows import PACKAGE, flow, go_here

from peephole.core.errors import DeclarationError, PeepholeError
from peephole.core.node import Node
from peephole.engine.catalog import Catalog, catalog
from peephole.engine.store import Store

NODE = '''
from peephole.core.node import node
from peephole.core.types import Table

@node(family="other")
def {name}(table: Table) -> Table:
    """Pass the rows on.

    table: any rows.
    """
    return table
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Install a package: modules by name, "" for the package itself."""

    def install(name, modules):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[peephole.nodes]\n{name} = {name}\n")
        (tmp_path / name).mkdir()
        for module, text in modules.items():
            (tmp_path / name / f"{module or '__init__'}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()

    before = set(sys.modules)
    yield install
    for name in set(sys.modules) - before:
        if name.startswith("other_"):
            del sys.modules[name]


def fresh() -> Catalog:
    return catalog.__wrapped__()


def test_nodes_of_this_and_of_a_foreign_package_are_found():
    found = catalog()
    assert found is catalog()
    assert {PACKAGE + n for n in ("numbers", "same", "deaf")} <= set(found.nodes)
    assert "filter" in found.nodes or "sort" in found.nodes  # our own carry no package name
    assert not any(name.startswith("peephole/") for name in found.nodes)
    assert all(isinstance(node, Node) and node.spec.type == name for name, node in found.nodes.items())
    assert found.specs[PACKAGE + "same"] is found.require(PACKAGE + "same").spec
    assert found.broken == []
    with pytest.raises(PeepholeError, match=r'no node "sorrt". Did you mean "sort"\? `peephole nodes` lists'):
        found.require("sorrt")
    assert found.get("sorrt") is None


def test_a_package_of_several_modules_is_found_and_private_ones_are_left_out(package):
    package(
        "other_good",
        {"": "", "a": NODE.format(name="one"), "_b": NODE.format(name="two"), "c": "from other_good.a import one\n"},
    )
    found = {name for name in fresh().nodes if name.startswith("other_good")}
    assert found == {"other_good/one"}


BROKEN = {
    "cannot be imported": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "is no Python": ("def (", "SyntaxError"),
    "raises": ("raise ValueError('no')", "ValueError: no"),
    "exits": ("import sys; sys.exit('bye')", "SystemExit: bye"),
    "declares half a node": (
        "from peephole.core.node import node\n@node(family='x')\ndef f(): pass",
        "DeclarationError: The node other_bad.nodes.f has no docstring. Write one",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_foreign_package_is_reported_and_stops_nobody(package, case):
    text, says = BROKEN[case]
    package("other_bad", {"": "", "nodes": text})
    package("other_good", {"": NODE.format(name="one")})
    found = fresh()
    assert len(found.broken) == 1
    assert found.broken[0].startswith("The nodes of other_bad cannot be loaded: ")
    assert says in found.broken[0]
    assert {"other_good/one", PACKAGE + "same"} <= set(found.nodes)


def test_two_nodes_of_one_type_are_refused(package):
    package("other_twice", {"": "", "a": NODE.format(name="one"), "b": NODE.format(name="one")})
    with pytest.raises(
        DeclarationError, match=r'Two nodes have the type "other_twice/one": in other_twice.a and other_twice.b'
    ):
        Catalog().add(importlib.import_module(f"other_twice.{m}") for m in "ab")
    assert "Two nodes have the type" in fresh().broken[0]


def test_a_document_with_nodes_of_a_broken_package_runs_the_rest(package, tmp_path, monkeypatch):
    package("other_bad", {"": "import no_such_module"})
    document = flow({"n": "numbers", "x": "same", "s": "same"}, "n x", "n s")
    document = document.with_(nodes=document.nodes | {"x": document.nodes["x"].with_(type="other_bad/one")})
    result, log = go_here(document, Store(tmp_path / "store"))
    assert log.ends() == {"n": "finished", "x": "failed", "s": "finished"}
    assert result.problems["x"].id == "unknown-node"


def test_finding_all_nodes_imports_no_heavy_library():
    code = """
        import sys
        from peephole.engine.catalog import catalog
        assert len(catalog().nodes) > 20
        print(" ".join(sys.modules))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    found = {name.partition(".")[0] for name in done.stdout.split()}
    assert not found & {"torch", "sklearn", "matplotlib", "numba", "scipy", "pandas", "skops", "onnx"}


def test_many_threads_ask_at_once_and_each_sees_all_of_it():
    from concurrent.futures import ThreadPoolExecutor
    from importlib.metadata import entry_points

    from peephole.engine.catalog import GROUP

    for _ in range(3):
        fresh = Catalog(entry_points(group=GROUP))
        with ThreadPoolExecutor(8) as pool:
            counts = list(pool.map(lambda specs: len(list(specs)), [fresh.specs] * 8))
        assert len(set(counts)) == 1
        assert counts[0] > 50
