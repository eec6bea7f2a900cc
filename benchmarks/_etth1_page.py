"""The page of the transformer's temperatures."""

from __future__ import annotations

from statistics import mean
from typing import Any

from benchmarks._results import spread, table

# Zhou et al., "Informer: Beyond Efficient Transformer for Long Sequence Time-Series Forecasting" (AAAI 2021), table 1,
# univariate, ETTh1, 24 hours: MSE, MAE. Not run here; read from a copy of the table in a later project's results.
PUBLISHED = {
    "Informer": (0.098, 0.247),
    "Informer without sparse attention": (0.092, 0.246),
    "LogTrans": (0.103, 0.259),
    "DeepAR": (0.107, 0.280),
    "ARIMA": (0.108, 0.284),
    "LSTMa (LSTM with attention)": (0.114, 0.272),
    "Prophet": (0.115, 0.275),
    "Reformer": (0.222, 0.389),
}


def page(found: dict[str, Any]) -> str:
    """The page in Markdown."""
    minutes = sum(run["seconds"] for runs in (*found["networks"].values(), found["choices"]) for run in runs) / 60
    rows: list[tuple[float, list[str]]] = []
    for name, runs in found["networks"].items():
        squared, absolute = [run["mse"] for run in runs], [run["mae"] for run in runs]
        each = f"{mean(run['seconds'] for run in runs):.0f} s"
        rows.append((mean(squared), [f"**{name}, {len(runs)} seeds**", spread(squared, 4), spread(absolute, 4), each]))
    rows += [(mse, [name, f"{mse:.4f}", f"{mae:.4f}", ""]) for name, (mse, mae) in found["baselines"].items()]
    rows += [(mse, [f"{name} (published)", f"{mse:.3f}", f"{mae:.3f}", ""]) for name, (mse, mae) in PUBLISHED.items()]
    chosen = found["chosen"]
    tried = [
        [one["reads"], one["beside"], one["says"], one["steps"], f"{one['validation']:.4f}"] for one in found["choices"]
    ]
    simple = ", ".join(f"{name} {mse:.4f}" for name, (mse, _) in found["baselines, validation"].items())
    direct = ", which also lead to the answer directly (Flatten and Merge beside the layer)"
    beside = direct if chosen["beside"] == "yes" else ""
    settings = ", ".join(f"{name} {value}" for name, value in found["settings"].items())
    return f"""# Oil temperature of a transformer, 1 to 24 hours ahead

ETTh1, the column OT alone, in the Informer's protocol: 12 months to learn from, 4 to validate, 4 to test (2,857 windows of
24 hours), standardised by the first 12 months, error over all 24 hours. Made by `python -m benchmarks.etth1` in
{minutes:.0f} minutes on {found["machine"]}, while the machine had other work: take the seconds as an upper bound.

{table(["", "squared error", "absolute error", "training"], [cells for _, cells in sorted(rows, key=lambda one: one[0])])}
Ours are means ± standard deviations over the seeds; the published ones are those of Zhou et al. (2021), table 1, as a later
project repeats them; they were not run here. The months that test are calm: whoever says the last value for all 24 hours is
below every published figure of that table. So being below the Informer proves little; the linear regression is the mark.

The networks read the {chosen["reads"]} of the last {chosen["steps"]} hours and the hour of the day{beside},
with 32 units, dropout 0.1, and say the {chosen["says"]} (from the last value, where it is a change). That was chosen by the
squared error on the validation months (GRU, one seed):

{table(["reads", "direct path", "says", "hours read", "squared error, validation"], tried)}
On the same months: {simple}.
What reads and says changes only does not know at what height the temperature is, and so cannot be misled by months that are
colder or calmer than those it learnt from; the direct path is a linear regression, to which the layer adds. All of it can be
drawn on the canvas: Lag and Formula make the changes, Flatten and Merge (concatenate) beside the layer the direct path, and a
Formula after Predict adds the last value to what the network says.

Training: {settings}; the epoch that is best on the validation months is kept.
"""
