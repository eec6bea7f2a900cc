"""Churn as a service: it serves as it comes, and answers the README's own request."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys

import pytest

from peephole.service.program import prepare
from peephole.workflow import files

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def done(ran):
    return ran("churn-service", "classical/telco_churn_train5635.csv.gz")


def readme_request(done, address):
    """The curl line of the README, sent to `address`."""
    text = done.file.with_name("README.md").read_text(encoding="utf-8")
    line = re.search(r"^    curl .+?\]\}'$", text, re.MULTILINE | re.DOTALL).group()
    command = shlex.split(line.replace("http://127.0.0.1:8080", address))
    return ["curl", "--silent", "--fail-with-body", "--noproxy", "*", *command[1:]]


def test_the_figures_are_the_expected_ones(done):
    done.check()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_line_of_the_readme_is_answered(done, monkeypatch):
    monkeypatch.setenv("PEEPHOLE_SERVICE_TOKEN", "sesame")
    serve = [sys.executable, "-m", "peephole.cli.main", "serve", done.file, "--port", "0", "--store", done.store.folder]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline()).group()
            said = subprocess.run(readme_request(done, address), capture_output=True, text=True, check=False)
        finally:
            process.send_signal(signal.SIGINT)
    assert said.returncode == 0, said.stdout
    likely, unlikely = json.loads(said.stdout)["predictions"]
    assert (likely["customerID"], likely["leaves"], likely["call"]) == ("A", "Yes", True)
    assert (unlikely["customerID"], unlikely["leaves"], unlikely["call"]) == ("B", "No", False)
    assert likely["leaves P(Yes)"] == pytest.approx(0.7, abs=0.05)
    assert unlikely["leaves P(Yes)"] < 0.02


def test_a_request_is_answered_as_on_the_canvas(done):
    program = prepare(files.load(done.file), done.file, store=done.store)
    asked = done.table("customers.table").drop_columns(["__row__", "Churn"])
    rows, _, problems = program.inputs["customers"].from_arrow(asked)
    answer = program.answer({"customers": rows})["predictions"]
    program.close()
    assert not problems
    assert answer.to_pylist() == done.table("out.table").drop_columns("__row__").to_pylist()
