"""Estimators in skops files: never pickle, and only types named here or known to skops are ever built."""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from peephole.core.errors import StoreError, listing

# Beyond what skops itself knows as harmless (scikit-learn's estimators, numpy, scipy). Each only holds data.
TRUSTED = (
    "numpy.dtype",
    "peephole.nodes.mining._bayes.MixedNaiveBayes",
    "peephole.nodes.mining._medians.Medians",
    "peephole.nodes.mining._mending.Mended",
    "peephole.nodes.mining._preparation.TableMatrix",
    "peephole.nodes.mining._stacking.Stacked",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.model_selection._split.StratifiedKFold",
    "sklearn.tree._tree.Tree",
)
# Reading an array's header makes a syntax tree, and Python 3.11 may mix up the trees of two threads
# ("AST constructor recursion depth mismatch", CPython issue 106905).
_one_at_a_time = threading.Lock()
_SHIM = "sklearn.externals.array_api_compat.torch"
_LEAF = -1


def _library() -> Any:
    """skops.io. Its import walks through all of scikit-learn, which would import PyTorch for a shim nobody asked for."""
    held_off = "torch" not in sys.modules and _SHIM not in sys.modules
    stub = ModuleType(_SHIM)
    if held_off:
        sys.modules[_SHIM] = stub
    try:
        return importlib.import_module("skops.io")
    finally:
        if sys.modules.get(_SHIM) is stub:
            del sys.modules[_SHIM]


def dump(estimator: Any, path: Path) -> None:
    """Write an estimator; raises StoreError for one that could not be read back."""
    _library().dump(estimator, path, compression=zipfile.ZIP_DEFLATED, compresslevel=1)
    _refuse_unknown(path)


def load(path: Path) -> Any:
    """Read an estimator back; raises StoreError for types that are not trusted, before anything is built."""
    try:
        _refuse_unknown(path)
        with _one_at_a_time:
            estimator = _library().load(path, trusted=list(TRUSTED))
    except StoreError:
        raise
    except Exception as error:  # whatever a damaged or forged file makes of it
        raise StoreError(
            f"The model file {path.name} cannot be read: {error}", remedy="Run the learner again."
        ) from error
    _check_trees(estimator, path)
    return estimator


def fingerprint(path: Path) -> str:
    """Hash of what a file describes: its structure with the arrays in place, without the numbers that name objects."""
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read("schema.json"))
        plain = json.dumps(_plain(schema, archive), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _refuse_unknown(path: Path) -> None:
    unknown = sorted(set(_library().get_untrusted_types(file=path)) - set(TRUSTED))
    if unknown:
        raise StoreError(
            f"The model file {path.name} holds types that are not known to be safe: {listing(unknown)}.",
            remedy="Nothing of it was loaded. Learn the model again, or get the file from a source you trust.",
        )


def _plain(schema: Any, archive: zipfile.ZipFile) -> Any:
    """The schema without ids: an object met again is written out again, a file is replaced by its content's hash.

    Which equal values are one object differs from process to process, so it must not count.
    """
    met: dict[int, Any] = {}

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(v) for v in value]
        if not isinstance(value, dict):
            return value
        if value.get("__loader__") == "CachedNode":
            return met.get(value["__id__"])
        plain = {k: _array_hash(archive, v) if k == "file" else walk(v) for k, v in value.items() if k != "__id__"}
        if "__id__" in value:
            met[value["__id__"]] = plain
        return plain

    return walk(schema)


def _array_hash(archive: zipfile.ZipFile, name: str) -> str:
    """Hash of an array's values; of records field by field, since the gaps between fields hold chance bytes."""
    with _one_at_a_time:
        array = np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
    parts = [array[field] for field in array.dtype.names] if array.dtype.names else [array]
    digest = hashlib.sha256(f"{array.shape} {array.dtype.descr}".encode())
    for part in parts:
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def _check_trees(estimator: Any, path: Path) -> None:
    """Raise StoreError where a tree's branches lead outside it or back: compiled code would follow them blindly."""
    for tree in _trees(estimator):
        left, right, features, width = tree
        inner = left != _LEAF
        at = np.arange(len(left))[inner]
        children = np.concatenate([left[inner], right[inner]]).astype(np.int64)
        forward = np.all(children > np.concatenate([at, at])) and np.all(children < len(left))
        if not forward or np.any(features[inner] < 0) or np.any(features[inner] >= width):
            raise StoreError(f"The model file {path.name} holds a damaged tree.", remedy="Run the learner again.")


def _trees(estimator: Any) -> list[tuple[Any, Any, Any, int]]:
    """(left, right, feature, number of features) of every tree in a pipeline's steps, and in forests in them."""
    found = []
    for step in _parts(estimator):
        tree = getattr(step, "tree_", None)
        if tree is not None:
            found.append((tree.children_left, tree.children_right, tree.feature, step.n_features_in_))
        for round_ in getattr(step, "_predictors", []):
            for predictor in round_:
                nodes = predictor.nodes
                left = np.where(nodes["is_leaf"] == 1, _LEAF, nodes["left"].astype(np.int64))
                found.append((left, nodes["right"], nodes["feature_idx"].astype(np.int64), step.n_features_in_))
    return found


def _parts(estimator: Any) -> Iterator[Any]:
    """An estimator and all those inside it."""
    yield estimator
    for _, step in getattr(estimator, "steps", []):
        yield from _parts(step)
    for one in [*getattr(estimator, "estimators_", []), *getattr(estimator, "members_", [])]:
        yield from _parts(one)
    if hasattr(estimator, "model_"):
        yield from _parts(estimator.model_)
