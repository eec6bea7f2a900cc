"""Combinations of settings, each scored by cross-validation; and the same over growing numbers of rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from peephole.core.errors import SettingError
from peephole.core.progress import message, progress
from peephole.core.types import Figure, Model, Table
from peephole.figures.charts import bars, heat, lines
from peephole.figures.text import distinct, short
from peephole.nodes.mining._names import label_text
from peephole.nodes.mining._rows import table_of
from peephole.nodes.mining._target import Task
from peephole.nodes.mining._teaching import Teach, teacher
from peephole.nodes.mining._validation import SMALLER, Codes, Lesson, fold_scores, lesson, mean_of, score

if TYPE_CHECKING:
    from peephole.nodes.mining.search import Parameter

MOST = 10_000  # combinations
MOST_BARS = 25
Combination = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What is learnt, and how it is scored."""

    learner: str
    settings: Mapping[str, Any]
    target: str
    features: tuple[str, ...]
    measure: str
    folds: int
    stratify: bool
    seed: int

    def teach(self, given: Lesson, more: Mapping[str, Any], where: str = "settings") -> Teach:
        """The learner with its fixed settings and these."""
        return teacher(
            self.learner,
            {**self.settings, **more},
            target=self.target,
            features=self.features,
            task=given.wanted.task,
            seed=self.seed,
            where=where,
        )


@dataclass(frozen=True)
class Tried:
    """One combination and its score over the folds."""

    given: Combination
    mean: float
    deviation: float | None


def search(
    table: Table, plan: Plan, parameters: Sequence[Parameter], *, method: str, tries: int, task: Task
) -> tuple[Model, Table, Figure]:
    """The node's outputs in order."""
    _check(parameters)
    wanted = grid(parameters) if method == "grid" else drawn(parameters, tries, plan.seed)
    given = lesson(table, plan.target, plan.learner, task)
    measure = given.measure(plan.measure)
    teachers = [plan.teach(given, one, "parameters") for one in wanted]  # wrong settings show before anything is learnt
    of = given.folds(plan.folds, stratify=plan.stratify, seed=plan.seed)
    tried = []
    for one, teach in progress(list(zip(wanted, teachers, strict=True)), "Combinations"):
        mean, deviation = mean_of(fold_scores(given, of, teach), measure)
        tried.append(Tried(one, mean if mean is not None else math.nan, deviation))
    # The first of equal ones: a stable order.
    order = sorted(range(len(tried)), key=lambda i: tried[i].mean if measure in SMALLER else -tried[i].mean)
    best = tried[order[0]]
    told = ", ".join(f"{name} = {_text(value)}" for name, value in best.given.items())
    message(f"The best of {len(tried)}: {told} ({measure} {best.mean:.4g}).")
    model = teachers[order[0]](given.rows)
    names = [p.name for p in parameters]
    return model, _results([tried[i] for i in order], names, measure), _figure(tried, parameters, measure)


def grid(parameters: Sequence[Parameter]) -> list[Combination]:
    """Every combination, the last parameter changing fastest."""
    columns = [list(p.values) or _steps(p) for p in parameters]
    count = math.prod(len(c) for c in columns)
    if count > MOST:
        raise SettingError(
            f"There are {count} combinations.",
            remedy=f"Try fewer values (at most {MOST} combinations), or draw some by chance.",
            setting="parameters",
        )
    names = [p.name for p in parameters]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*columns)]


def drawn(parameters: Sequence[Parameter], tries: int, seed: int) -> list[Combination]:
    """So many different combinations by chance (fewer, where there are no more)."""
    random = np.random.default_rng(seed)
    found: dict[str, Combination] = {}
    for _ in range(20 * tries):
        one = {p.name: _draw(p, random) for p in parameters}
        found.setdefault(repr(one), one)
        if len(found) == tries:
            break
    return list(found.values())


def _draw(parameter: Parameter, random: np.random.Generator) -> Any:
    if parameter.values:
        return parameter.values[int(random.integers(len(parameter.values)))]
    low, high = _ends(parameter)
    if _whole(parameter) and not parameter.by_factors:
        return int(random.integers(int(low), int(high) + 1))
    ends = (math.log(low), math.log(high)) if parameter.by_factors else (low, high)
    value = float(random.uniform(*ends))
    value = math.exp(value) if parameter.by_factors else value
    return round(value) if _whole(parameter) else float(f"{value:.6g}")


def _steps(parameter: Parameter) -> list[Any]:
    low, high = _ends(parameter)
    spaced = (np.geomspace if parameter.by_factors else np.linspace)(low, high, parameter.steps)
    if _whole(parameter):
        return list(dict.fromkeys(round(v) for v in spaced))
    return [float(f"{v:.6g}") for v in spaced]


def _ends(parameter: Parameter) -> tuple[float, float]:
    low, high = parameter.low, parameter.high
    if low is None or high is None:
        raise AssertionError("checked before")
    return low, high


def _whole(parameter: Parameter) -> bool:
    return isinstance(parameter.low, int) and isinstance(parameter.high, int)


def _check(parameters: Sequence[Parameter]) -> None:
    names = [p.name for p in parameters]
    for i, p in enumerate(parameters):
        if p.name in names[:i]:
            raise SettingError(f"{p.name} is there twice.", remedy="Name each once.", setting="parameters")
        if p.values:
            continue
        if p.low is None or p.high is None or p.low >= p.high:
            raise SettingError(
                f"{p.name} has no values to try.",
                remedy="Give a list of values, or low and high with low below high.",
                setting=f"parameters[{i}]",
            )
        if p.by_factors and p.low <= 0:
            raise SettingError(
                f"{p.name} starts at {p.low}: factors need a start above zero.",
                remedy="Raise low, or set by_factors off.",
                setting=f"parameters[{i}].low",
            )


def _text(value: Any) -> str:
    return "none" if value is None else label_text(value)


def _column(values: list[Any]) -> pa.Array:
    """Numbers as numbers, all else as text."""
    plain = [v for v in values if v is not None]
    if plain and all(isinstance(v, int) and not isinstance(v, bool) for v in plain):
        return pa.array(values, pa.int64())
    if plain and all(isinstance(v, int | float) and not isinstance(v, bool) for v in plain):
        return pa.array(values, pa.float64())
    return pa.array([_text(v) for v in values], pa.string())


def _results(tried: Sequence[Tried], names: Sequence[str], measure: str) -> Table:
    called = distinct(*names, "rank", measure, "deviation")
    columns = {new: _column([t.given[old] for t in tried]) for old, new in zip(names, called, strict=False)}
    columns[called[-3]] = pa.array(range(1, len(tried) + 1), pa.int64())
    columns[called[-2]] = pa.array([t.mean for t in tried], pa.float64())
    columns[called[-1]] = pa.array([t.deviation for t in tried], pa.float64())
    return table_of(columns, {name: values.type for name, values in columns.items()})


def _figure(tried: Sequence[Tried], parameters: Sequence[Parameter], measure: str) -> Figure:
    """A line over one parameter, cells over two, else the best as bars."""
    title = f"{measure[:1].upper()}{measure[1:]} over what was tried"
    names = [p.name for p in parameters]
    different = [{_text(t.given[n]) for t in tried} for n in names]
    whole = len(tried) == math.prod(len(d) for d in different)  # a full grid
    if len(names) == 1:
        first, second = distinct(names[0], measure)
        values = _column([t.given[names[0]] for t in tried])
        numeric = not pa.types.is_string(values.type) and values.null_count == 0
        rows = sorted(tried, key=lambda t: t.given[names[0]]) if numeric else list(tried)
        along = (
            pa.array([r.given[names[0]] for r in rows], values.type)
            if numeric
            else [_text(r.given[names[0]]) for r in rows]
        )
        data = pa.table({first: along, second: pa.array([r.mean for r in rows], pa.float64())})
        kind: Literal["value", "category"] = "value" if numeric else "category"
        return lines(data, x=first, ys=[second], kind=kind, title=title, x_name=names[0], y_name=measure)
    if len(names) == 2 and whole:
        return _cells(tried, names, measure, title)
    order = sorted(tried, key=lambda t: t.mean if measure in SMALLER else -t.mean)[:MOST_BARS]
    labels = [", ".join(f"{n} {_text(t.given[n])}" for n in names) for t in order]
    data = pa.table({"tried": distinct(*labels), measure: pa.array([t.mean for t in order], pa.float64())})
    return bars(data, x="tried", ys=[measure], title=title, x_name="", y_name=measure, horizontal=True)


def _cells(tried: Sequence[Tried], names: Sequence[str], measure: str, title: str) -> Figure:
    x, y, value, text = distinct(names[0], names[1], measure, "text")
    across, down = ([_text(t.given[n]) for t in tried] for n in names)
    means = [t.mean for t in tried]
    data = pa.table({x: across, y: down, value: pa.array(means, pa.float64()), text: [short(m) for m in means]})
    xs, ys = list(dict.fromkeys(across)), list(dict.fromkeys(down))
    return heat(data, x=x, y=y, value=value, text=text, xs=xs, ys=ys, title=title, x_name=names[0], y_name=names[1])


def curve(table: Table, plan: Plan, shares: Sequence[float], *, task: Task) -> tuple[Table, Figure]:
    """The learning curve's outputs in order."""
    given = lesson(table, plan.target, plan.learner, task)
    measure = given.measure(plan.measure)
    of = given.folds(plan.folds, stratify=plan.stratify, seed=plan.seed)
    teach = plan.teach(given, {})
    random = np.random.default_rng(plan.seed)
    order = random.permutation(len(of))
    rows, learnt, held = [], [], []
    for share in progress(shares, "Shares of the rows"):
        scores = [_at(given, of, teach, order, share, fold) for fold in range(plan.folds)]
        rows.append(round(float(np.mean([s[0] for s in scores]))))
        learnt.append(mean_of([s[1] for s in scores], measure)[0])
        held.append(mean_of([s[2] for s in scores], measure)[0])
    names = ("rows they learnt from", "rows held back")
    columns: dict[str, list[Any]] = {"share": list(shares), "rows": rows, names[0]: learnt, names[1]: held}
    data = pa.table({"rows": pa.array(rows, pa.int64()), names[0]: pa.array(learnt), names[1]: pa.array(held)})
    title = f"Learning curve: {measure} for {plan.target}"
    figure = lines(data, x="rows", ys=names, kind="value", title=title, x_name="rows", y_name=measure)
    return table_of(columns), figure


def _at(given: Lesson, of: Codes, teach: Teach, order: Any, share: float, fold: int) -> tuple[int, Any, Any]:
    """How many rows were learnt from, and the scores on them and on the fold held back."""
    others = order[of[order] != fold]
    chosen = np.sort(others[: max(2, round(share * len(others)))])
    held = np.flatnonzero(of == fold)
    part = given.rows.take(pa.array(chosen))
    model = teach(part)
    known, unknown = (score(model, given.rows.take(pa.array(at)), given.wanted, at)[1] for at in (chosen, held))
    return len(chosen), known, unknown
