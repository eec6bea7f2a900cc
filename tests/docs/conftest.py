"""The scripts that make the documentation, as modules."""

import importlib.util
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _load(name):
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", name="load")
def load_fixture():
    return _load


@pytest.fixture(scope="session")
def pages():
    return _load("pages")


@pytest.fixture(scope="session")
def reference():
    return _load("reference")
