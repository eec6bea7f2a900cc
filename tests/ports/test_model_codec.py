"""Models on disk: the same predictions in a fresh process, the same key for the same fit, nothing unknown loaded."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from peephole.core.errors import SettingError, StoreError
from peephole.core.types import Model
from peephole.nodes.mining.learners import decision_tree_learner, gradient_boosting_learner
from peephole.nodes.mining.predictors import predict
from peephole.ports.model import ModelCodec
from peephole.ports.model_contents import UntoldError, contents

LEARNERS = pytest.mark.parametrize("learner", [decision_tree_learner, gradient_boosting_learner])
FRESH = """
import sys, pandas as pd
from pathlib import Path
from peephole.nodes.mining.predictors import predict
from peephole.ports.model import ModelCodec
folder = Path(sys.argv[1])
for name in sys.argv[2:]:
    model = ModelCodec().load(folder / name)
    predict(pd.read_csv(folder / "data.csv"), model).to_csv(folder / f"{name}.csv", index=False)
assert "torch" not in sys.modules
"""


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    kind = rng.choice(["a", "b", "c"], 300)
    x = rng.normal(size=300)
    return pd.DataFrame({"kind": kind, "x": x, "y": np.where(x + (kind == "b") > 0.5, "yes", "no"), "z": 2 * x})


def saved(model: Model, folder: Path) -> Path:
    folder.mkdir()
    ModelCodec().save(model, folder)
    return folder


def test_a_fresh_process_predicts_the_same(data, tmp_path):
    models = {"tree": decision_tree_learner(data, target="y"), "boosting": gradient_boosting_learner(data, target="z")}
    for name, model in models.items():
        saved(model, tmp_path / name)
    data.to_csv(tmp_path / "data.csv", index=False)
    subprocess.run([sys.executable, "-c", FRESH, str(tmp_path), *models], check=True)
    for name, model in models.items():
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / f"{name}.csv"), predict(data, model), check_dtype=False)


@LEARNERS
def test_everything_but_the_estimator_comes_back_equal(learner, data, tmp_path):
    model = learner(data, target="y")
    back = ModelCodec().load(saved(model, tmp_path / "m"))
    for name in ("task", "target", "features", "classes", "title", "notes"):
        assert getattr(back, name) == getattr(model, name)
    assert {p.name for p in (tmp_path / "m").iterdir()} == {"model.skops", "card.json", "contents.json"}
    facts = ModelCodec().summary(tmp_path / "m")
    assert facts == {
        "title": model.title, "task": "classification", "target": "y", "features": 3, "classes": 2, "rows": 300,
    }  # fmt: skip


@LEARNERS
def test_the_same_fit_has_the_same_key_and_another_has_not(learner, data, tmp_path):
    codec = ModelCodec()
    first = codec.content_key(saved(learner(data, target="y", seed=1), tmp_path / "1"))
    again = codec.content_key(saved(learner(data, target="y", seed=1), tmp_path / "2"))
    reloaded = codec.content_key(saved(codec.load(tmp_path / "1"), tmp_path / "3"))
    assert first == again == reloaded
    assert first != codec.content_key(saved(learner(data, target="y", depth=2), tmp_path / "4"))
    assert first != codec.content_key(saved(learner(data.iloc[:200], target="y"), tmp_path / "5"))


TOLD = """
import json, sys
from pathlib import Path
from peephole.ports.model import ModelCodec
print(json.dumps(ModelCodec().contents(Path(sys.argv[1]))))
assert not {"sklearn", "skops", "numpy"} & set(sys.modules)
"""


@LEARNERS
def test_what_a_model_has_learnt_is_told_without_its_libraries(learner, data, tmp_path):
    model = learner(data, target="y")
    folder = saved(model, tmp_path / "m")
    told = subprocess.run([sys.executable, "-c", TOLD, str(folder)], check=True, capture_output=True, text=True)
    expected = json.loads(json.dumps(contents(model)))
    assert json.loads(told.stdout) == expected
    assert expected["estimator"].startswith(model.notes["learner"])
    for lost in ("{}", "", "[1]", "3", '{"format": 99, "title": "another"}'):
        (folder / "contents.json").write_text(lost)
        assert json.loads(json.dumps(ModelCodec().contents(folder))) == expected


@pytest.mark.parametrize("error", [KeyError("x"), IndexError("x"), ZeroDivisionError("x"), RuntimeError("x")])
def test_a_model_whose_contents_cannot_be_told_is_kept_all_the_same(error, data, tmp_path, monkeypatch):
    model = decision_tree_learner(data, target="y")

    def broken(*_):
        raise error

    monkeypatch.setattr("peephole.ports.model_contents._facts", broken)
    folder = saved(model, tmp_path / "m")
    assert {p.name for p in folder.iterdir()} == {"model.skops", "card.json"}
    assert ModelCodec().load(folder).target == "y"
    with pytest.raises(UntoldError, match=f"cannot be told .{type(error).__name__}: 'x'|{type(error).__name__}: x"):
        ModelCodec().contents(folder)


def evil(path: str) -> None:  # what a forged file would call
    Path(path).write_text("called")


def test_a_forged_file_is_refused_before_anything_is_built(data, tmp_path):
    import skops.io

    model = decision_tree_learner(data, target="y")
    folder = saved(model, tmp_path / "m")
    forged = Pipeline([("call", FunctionTransformer(evil)), *model.estimator.steps])
    skops.io.dump(forged, folder / "model.skops")
    with pytest.raises(StoreError, match=r"not known to be safe: .*evil") as caught:
        ModelCodec().load(folder)
    assert "Nothing of it was loaded" in caught.value.remedy


def test_an_estimator_that_could_not_be_loaded_is_not_saved(data, tmp_path):
    model = Model(FunctionTransformer(evil), "transformation", None, {})
    (tmp_path / "m").mkdir()
    with pytest.raises(StoreError, match="not known to be safe"):
        ModelCodec().save(model, tmp_path / "m")


def test_damage_is_said(data, tmp_path):
    folder = saved(decision_tree_learner(data, target="y"), tmp_path / "m")
    for name in ("model.skops", "card.json"):
        broken = tmp_path / f"no {name}"
        shutil.copytree(folder, broken)
        (broken / name).write_bytes((folder / name).read_bytes()[:200])
        with pytest.raises(StoreError, match="cannot be read"):
            ModelCodec().load(broken)
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "format": 99}))
    with pytest.raises(StoreError, match="format 99"):
        ModelCodec().load(folder)


@LEARNERS
def test_a_tree_that_leads_outside_itself_is_refused(learner, data, tmp_path):
    """Compiled code would follow the branches without looking."""
    folder = saved(learner(data, target="y"), tmp_path / "m")
    path = folder / "model.skops"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        if name.endswith(".npy") and b"'left" in content[:300]:
            array = np.lib.format.read_array(_file(content))
            array[next(n for n in array.dtype.names if n.startswith("left"))] = 10_000
            parts[name] = _bytes(array)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(StoreError, match="damaged tree"):
        ModelCodec().load(folder)


def _file(content: bytes):
    import io

    return io.BytesIO(content)


def _bytes(array: np.ndarray) -> bytes:
    out = _file(b"")
    np.lib.format.write_array(out, array)
    return out.getvalue()


def test_only_models_go_through_the_port():
    with pytest.raises(SettingError, match="A model is needed, and int was given"):
        ModelCodec().adapt(3)


class Litter:
    """Garbage in a circle, whose collection runs code: that is when threads take turns inside the interpreter."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        sum(range(50))


def test_models_are_read_side_by_side(data, tmp_path):
    """A run reads models in several threads at once; reading an array's header makes syntax trees, which do not mix."""
    folder = saved(gradient_boosting_learner(data, target="y", trees=40), tmp_path / "model")
    codec = ModelCodec()
    key = codec.content_key(folder)

    def read(depth: int) -> object:
        if depth:
            return read(depth - 1)
        return [Litter() for _ in range(20)] and codec.content_key(folder)

    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(5)
    try:
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(read, [7 * (i % 6) for i in range(18)]))
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
    assert set(found) == {key}
