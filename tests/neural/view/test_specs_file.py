"""The cells' descriptions that the browser's tests read are today's."""

import json
from pathlib import Path

from peephole.neural.cells.registry import cell_names, cell_spec


def test_the_descriptions_beside_are_those_of_the_cells():
    written = json.loads(Path(__file__).with_name("cell_specs.json").read_text(encoding="utf-8"))
    now = {"-".join(filter(None, name)): cell_spec(*name).to_json() for name in cell_names()}
    assert written == json.loads(json.dumps(now)), "write cell_specs.json anew: CellSpec.to_json of every cell, by name"
