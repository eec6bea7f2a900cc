"""Data that are hard or wrong, node by node: what comes out is right, or the message says what, where, and the remedy.

Text files, sheets and databases have tests of their own: io/test_bad_text.py, io/test_read_more.py, io/test_databases.py.
"""

from __future__ import annotations

import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from peephole.core.errors import ColumnError, DataError, FormulaError, SourceError
from peephole.core.node import Node
from peephole.engine.catalog import catalog
from peephole.nodes.columns.formula import formula
from peephole.nodes.columns.select import select
from peephole.nodes.io.read import read_parquet
from peephole.nodes.io.write import write_parquet
from peephole.nodes.mining.learners import decision_tree_learner
from peephole.nodes.mining.linear_models import linear_regression_learner, logistic_regression_learner
from peephole.nodes.mining.predictors import predict
from peephole.nodes.rows.filter_rows import filter_rows
from peephole.nodes.statistics.describe import describe
from peephole.nodes.tables.group_by import group_by

HARD = ['say "hi"', "it's", "two words", "😀", "SELECT", "a.b", "ä" * 60, "__row", "x;--", "$1", "%s"]


def rows_of(table):
    return table.to_pylist() if isinstance(table, pa.Table) else table.collect("pyarrow").to_native().to_pylist()


@pytest.mark.parametrize("name", HARD)
def test_any_column_name_goes_through_every_kind_of_node(name, tmp_path):
    table = pa.table({name: [1, 2, 3], "g": ["x", "x", "y"]})
    quoted = '"' + name.replace('"', '""') + '"'
    assert rows_of(filter_rows(table, where=f"{quoted} >= 2")) == [{name: 2, "g": "x"}, {name: 3, "g": "y"}]
    assert rows_of(formula(table, name=name, expression=f"{quoted} * 10"))[0] == {name: 10, "g": "x"}
    assert rows_of(select(table, columns=[name], rename={name: name + "!"})) == [{name + "!": n} for n in (1, 2, 3)]
    sums = group_by(table, keys=["g"], compute=[{"column": name, "function": "sum", "name": name}])
    assert sorted(row[name] for row in rows_of(sums)) == [3, 3]
    path = tmp_path / "t.parquet"
    write_parquet(table, path=str(path))
    assert rows_of(read_parquet(path=str(path))) == table.to_pylist()


def test_five_thousand_columns():
    table = pa.table({f"c{n}": [float(n), 1.0] for n in range(5000)})
    chosen = select(filter_rows(table, where="c4999 > 1"), columns=["c0", "c4999"])
    assert rows_of(chosen) == [{"c0": 0.0, "c4999": 4999.0}]
    assert describe(table.select([f"c{n}" for n in range(300)])).num_rows == 300


def test_a_cell_of_ten_megabytes_goes_through():
    table = pa.table({"s": ["x" * 10_000_000, "y"], "n": [1, 2]})
    made = formula(table, name="length", expression="length(s)")
    assert made["length"].to_pylist() == [10_000_000, 1]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_parquet_file_cut_short(tmp_path, share):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": list(range(10_000))}), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(SourceError, match=r"t.parquet cannot be read.*See whether it is whole"):
        read_parquet(path=str(path))


# -- formulas ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("a + (b *", 8, "cannot be used"),
        ("a + nope", 4, 'no column "nope"'),
        ("a +\n  uper(s)", 6, r'cannot use "uper\(\.\.\.\)".*Did you mean "upper"'),
        ("a = = b", 4, "cannot be used"),
    ],
)
def test_an_error_in_a_formula_says_where(text, position, message):
    table = pa.table({"a": [1], "b": [2], "s": ["x"]})
    with pytest.raises(FormulaError, match=message) as caught:
        formula(table, name="x", expression=text)
    assert caught.value.position is not None
    assert abs(caught.value.position - position) <= 1
    assert caught.value.setting == "expression"
    assert caught.value.remedy


def test_division_by_zero_gives_a_missing_value_everywhere():
    table = pa.table({"a": [1, 0, -1], "b": [0, 0, 2], "x": [1.0, 0.0, math.inf]})
    for text in ("a / b", "a // b", "a % b", "x / b", "a / 0", "a / (b - b)"):
        found = formula(table, name="q", expression=text)["q"].to_pylist()
        assert found[:2] == [None, None], text
    assert rows_of(filter_rows(table, where="a / b > 0 OR a / b <= 0")) == [{"a": -1, "b": 2, "x": math.inf}]


def test_infinite_and_missing_values_in_figures():
    table = pa.table({"v": [1.0, math.nan, None, 3.0]})
    (row,) = rows_of(group_by(table, keys=[], compute=[{"column": "v", "function": "mean", "name": "m"}]))
    assert row["m"] == 2.0  # NaN is missing
    made = formula(pa.table({"v": [1e308]}), name="w", expression="v * 10")
    assert made["w"].to_pylist() == [None]


# -- learners ----------------------------------------------------------------------------------------------------------------


def training(**columns):
    return pa.table({"x": [float(n) for n in range(20)], "y": ["a", "b"] * 10, **columns})


def classifiers() -> dict[str, Node]:
    """Every node that learns classes from rows with nothing but a target set."""
    specs = [s for s in catalog().specs.values() if s.function.__module__.startswith("peephole.nodes.mining")]
    learners = [s.type for s in specs if "target" in s.settings.model_fields and s.outputs[0].type.name == "Model"]
    numbers_or_more_settings = {"linear_regression_learner", "parameter_search"}
    found = {t: catalog().require(t) for t in learners if t not in numbers_or_more_settings}
    assert len(found) > 10
    return found


CLASSIFIERS = classifiers()


@pytest.mark.parametrize("learner", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_a_learner_with_one_class(learner):
    with pytest.raises(DataError, match="has one class only: 'a'") as caught:
        learner(training(y=["a"] * 20), target="y")
    assert caught.value.remedy


@pytest.mark.parametrize("learner", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_a_learner_with_columns_that_say_nothing_and_new_rows_that_it_has_not_seen(learner):
    table = training(
        x=[math.inf, math.nan, *[float(n) for n in range(18)]],
        city=["Ulm", "Bern"] * 10,
        constant=[7.0] * 20,
        empty=pa.nulls(20, pa.float64()),
    )
    model = learner(table, target="y")
    model = getattr(model, "model", model)
    new = pa.table({"x": [None, 1.0], "city": ["Atlantis", None], "constant": [8.0, None], "empty": [1.0, 2.0]})
    assert set(predict(new, model)["prediction"].to_pylist()) <= {"a", "b"}
    with pytest.raises((ColumnError, DataError), match="city") as caught:
        predict(new.drop_columns(["city"]), model)
    assert caught.value.remedy


def test_a_target_without_values():
    with pytest.raises(DataError) as caught:
        decision_tree_learner(training(y=pa.nulls(20, pa.string())), target="y")
    assert caught.value.remedy


def test_a_constant_column_is_left_out():
    table = training(c=[7.0] * 20, e=pa.nulls(20, pa.float64()))
    model = logistic_regression_learner(table, target="y").model
    answer = predict(table, model)
    assert answer.num_rows == 20
    without = predict(table, logistic_regression_learner(table.drop_columns(["c", "e"]), target="y").model)
    assert answer["prediction"].to_pylist() == without["prediction"].to_pylist()


def test_more_columns_than_rows():
    wide = pa.table({f"c{n}": [float((n * n + 7) * (k + 3) % 101) for k in range(12)] for n in range(200)})
    table = wide.append_column("y", pa.array([float(k) for k in range(12)]))
    answer = predict(table, linear_regression_learner(table, target="y").model)
    assert answer["prediction"].to_pylist() == pytest.approx(table["y"].to_pylist(), abs=1e-6)


def test_a_category_that_the_model_has_never_seen():
    table = training(city=["Ulm", "Bern"] * 10)
    model = decision_tree_learner(table, target="y")
    new = pa.table({"x": [1.0, 2.0], "city": ["Ulm", "Atlantis"]})
    assert len(predict(new, model)["prediction"].to_pylist()) == 2
    assert None not in predict(new, model)["prediction"].to_pylist()


def test_a_missing_column_is_named_when_a_model_is_used():
    model = decision_tree_learner(training(city=["Ulm", "Bern"] * 10), target="y")
    with pytest.raises((ColumnError, DataError), match=r"city") as caught:
        predict(pa.table({"x": [1.0], "cty": ["Ulm"]}), model)
    assert caught.value.remedy


def test_a_column_of_another_type_is_named_when_a_model_is_used():
    model = decision_tree_learner(training(), target="y")
    with pytest.raises((ColumnError, DataError), match=r"x") as caught:
        predict(pa.table({"x": ["one"]}), model)
    assert caught.value.remedy


def test_infinite_values_in_a_learner():
    table = training(x=[math.inf, *[float(n) for n in range(19)]])
    assert predict(table, logistic_regression_learner(table, target="y").model).num_rows == 20
