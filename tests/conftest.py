"""For every test: the nodes of the package in tests/support can be found, and results are kept in a folder of their own."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

SUPPORT = str(Path(__file__).parent / "support")
sys.path.insert(0, SUPPORT)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [SUPPORT, os.environ.get("PYTHONPATH")]))  # for workers

# The same examples each time: a run says whether this code is right, not whether this run was lucky. New ones are
# looked for where more of them are asked for.
settings.register_profile("same", derandomize="PEEPHOLE_EXAMPLES_TIMES" not in os.environ)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """PySpark leaves the socket of every Arrow answer to the garbage collector; nothing else is let through for that."""
    if "spark" in os.environ.get("PEEPHOLE_TEST_ENGINES", "").split():
        config.addinivalue_line("filterwarnings", "ignore:unclosed <socket.socket .*127.0.0.1:ResourceWarning")


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory):
    before = os.environ.get("PEEPHOLE_STORE")
    os.environ["PEEPHOLE_STORE"] = str(tmp_path_factory.mktemp("store"))
    yield
    os.environ.pop("PEEPHOLE_STORE")
    if before is not None:
        os.environ["PEEPHOLE_STORE"] = before
