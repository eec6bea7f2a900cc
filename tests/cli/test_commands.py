"""The other commands, help, exit codes and the reference page."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import NODES, Peephole

from peephole.cli.codes import Code
from peephole.cli.main import build_parser, found_commands
from peephole.cli.reference import commands_of, reference

DOCS = Path(__file__).parents[2] / "docs"
Workflow = Callable[..., Path]


def test_every_command_is_documented() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == reference(), "run: python -m peephole.cli.reference > docs/cli.md"
    for name in found_commands():
        assert f"## peephole {name}" in reference()


def test_every_argument_has_a_help_text() -> None:
    for name, parser in commands_of(build_parser()).items():
        for action in parser._actions:
            assert action.help, f"{name} {action.dest}"


def test_every_exit_code_has_a_meaning_and_is_told_in_help() -> None:
    text = build_parser().format_help()
    for code in Code:
        assert code.meaning in text


@pytest.mark.parametrize("heavy", ["pydantic", "rich", "narwhals", "duckdb", "jinja2", "numpy"])
def test_help_imports_nothing_heavy(heavy: str) -> None:
    code = "import sys; from peephole.cli.main import build_parser; build_parser().format_help()"
    code += f"; assert {heavy!r} not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


def test_help_appears_at_once() -> None:
    """By processor time, which other work on the machine does not change."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "peephole.cli.main", "--help"], check=True, capture_output=True, timeout=20)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.3


def test_wrong_usage(peephole: Peephole) -> None:
    result = peephole("rnu")
    assert result.returncode == 2
    assert 'There is no "rnu". Did you mean "run"?\n' in result.stderr
    assert peephole().returncode == 2
    assert peephole("run").returncode == 2


def test_check_finds_what_would_keep_it_from_running(peephole: Peephole, workflow: Workflow) -> None:
    good = peephole("check", str(workflow(add={})))
    assert (good.returncode, good.stdout) == (0, "small.peep.json: nothing to complain about.\n")
    bad = peephole("check", str(workflow(add={"amount": "much"})))
    assert bad.returncode == 3
    assert "amount" in bad.stdout
    assert "1 error" in bad.stdout
    told = json.loads(peephole("check", str(workflow(add={"amount": "much"})), "--json").stdout)
    assert [(f["node"], f["severity"]) for f in told] == [("add", "error")]


def test_check_knows_the_columns(peephole: Peephole, workflow: Workflow) -> None:
    result = peephole("check", str(workflow(add={"column": "m"})))
    assert result.returncode == 3
    assert 'there is no column "m"' in result.stdout


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (("one.csv", "two.csv"), []),
        (("one.csv", "./one.csv"), [("a", "writes one.csv too"), ("b", "writes one.csv too")]),
        (("one.csv", "from.csv"), [("b", 'writes over from.csv, which "Read CSV" reads')]),
    ],
)
def test_files_that_would_be_written_over_are_told_before_a_run(
    peephole: Peephole, tmp_path: Path, paths: tuple[str, str], said: list[tuple[str, str]]
) -> None:
    (tmp_path / "from.csv").write_text("a\n1\n")
    read = {"type": "read_csv", "settings": {"path": "from.csv"}}
    writes = {name: {"type": "write_csv", "settings": {"path": path}} for name, path in zip("ab", paths, strict=True)}
    wires = ["r.table -> a.table", "r.table -> b.table"]
    file = tmp_path / "files.peep.json"
    file.write_text(
        json.dumps({"format": "peephole-workflow", "version": 1, "nodes": {"r": read, **writes}, "wires": wires})
    )
    checked = peephole("check", str(file), "--json")
    assert checked.returncode == 0
    told = json.loads(checked.stdout)
    assert [(f["node"], f["severity"]) for f in told] == [(node, "warning") for node, _ in said]
    assert all(text in f["what"] for f, (_, text) in zip(told, said, strict=True))
    ran = peephole("run", str(file))
    assert ran.returncode == 0
    assert all(text in ran.stdout + ran.stderr for _, text in said)


def test_nodes_are_listed_and_explained(peephole: Peephole) -> None:
    listed = peephole("nodes")
    assert listed.returncode == 0
    assert f"{NODES}slow" in listed.stdout
    one = peephole("nodes", f"{NODES}slow")
    for said in ("how long it takes.", "Inputs", "Settings", "Pass the rows on"):
        assert said in one.stdout
    data = json.loads(peephole("nodes", f"{NODES}slow", "--json").stdout)
    assert data["inputs"][0]["type"] == "Table"
    assert "seconds" in data["settings"]["properties"]
    assert len(json.loads(peephole("nodes", "--json").stdout)) > 10
    wrong = peephole("nodes", f"{NODES}slwo")
    assert wrong.returncode == 2
    assert f'Did you mean "{NODES}slow"?' in wrong.stderr


def test_a_new_workflow_can_be_run_and_nothing_is_written_over(peephole: Peephole, tmp_path: Path) -> None:
    made = peephole("new", "my-flights")
    assert made.returncode == 0
    assert (tmp_path / "my-flights.peep.json").is_file()
    assert peephole("run", "my-flights.peep.json").returncode == 0
    again = peephole("new", "my-flights.peep.json")
    assert again.returncode == 2
    assert "already" in again.stderr
    assert peephole("new").returncode == 2
    assert peephole("new", "no/such/folder/x").returncode == 2


def test_templates(peephole: Peephole, tmp_path: Path) -> None:
    listed = peephole("new", "--list")
    assert listed.returncode == 0
    names = [line.split()[0] for line in listed.stdout.splitlines() if line[:1].islower()]
    for name in names:
        assert peephole("new", f"{name}-copy", "--template", name).returncode == 0
        assert (tmp_path / f"{name}-copy.peep.json").is_file()
    wrong = peephole("new", "x", "--template", "no-such-template")
    assert wrong.returncode == 2
    assert "There is no template" in wrong.stderr
    assert not (tmp_path / "x.peep.json").exists()


def test_the_store_is_measured_and_cleared(peephole: Peephole, workflow: Workflow) -> None:
    path = workflow(add={})
    peephole("run", str(path))
    assert "kB in" in peephole("store", "size").stdout
    assert "freed" in peephole("store", "clear").stdout
    assert "already done" not in peephole("run", str(path)).stdout


def test_data_sets(peephole: Peephole) -> None:
    listed = peephole("data", "list")
    assert listed.returncode == 0
    assert "flights" in listed.stdout
    wrong = peephole("data", "get", "fligths")
    assert wrong.returncode == 2
    assert 'Did you mean "flights"?' in wrong.stderr
    assert peephole("data", "get").returncode == 2


def test_a_reader_that_goes_away_is_no_failure(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m peephole.cli.main nodes --json | head -c 10"
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert result.returncode == 0
    assert result.stderr == ""
