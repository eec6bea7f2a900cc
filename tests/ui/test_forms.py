"""The studio's form logic on the settings of every node: what it takes and refuses agrees with the nodes themselves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from peephole.core.errors import SettingError
from peephole.core.node import NodeSpec
from peephole.engine.catalog import catalog

ROOT = Path(__file__).parents[2]
UI = ROOT / "ui"
TRIED: list[Any] = ["abc", "", -1e9, 1e13, 0.5, 3, True, None, [], ["x"], {}, {"x": "y"}, [{}], [[1]], [7]]


def examples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "tests/conformance/examples").glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return {name: one.get("settings", {}) for name, one in found.items()}


def taken(spec: NodeSpec, settings: dict[str, Any]) -> bool:
    try:
        spec.validate(settings)
    except SettingError:
        return False
    return True


def case(spec: NodeSpec, settings: dict[str, Any]) -> dict[str, Any]:
    tried = [
        {"setting": name, "value": value, "taken": taken(spec, {**settings, name: value})}
        for name in spec.schema.get("properties", {})
        for value in TRIED
    ]
    return {
        "type": spec.type,
        "schema": spec.schema,
        "defaults": spec.defaults,
        "setting_docs": dict(spec.setting_docs),
        "settings": settings,
        "tried": tried,
    }


@pytest.mark.skipif(
    shutil.which("npx") is None or not (UI / "node_modules").is_dir(), reason="the browser side is not installed"
)
def test_the_form_fits_every_node(tmp_path: Path) -> None:
    given = examples()
    specs = catalog().specs
    ours = [spec for spec in specs.values() if spec.function.__module__.startswith("peephole.")]
    cases = [case(spec, given[spec.type]) for spec in ours if spec.type in given]
    assert len(cases) > 60
    file = tmp_path / "forms.json"
    file.write_text(json.dumps(cases))
    done = subprocess.run(
        ["npx", "vitest", "run", "src/panels/form/everyNode.test.ts"],
        cwd=UI,
        env={**os.environ, "PEEPHOLE_FORMS": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "4 passed" in done.stdout
