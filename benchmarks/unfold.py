"""What opening a trace costs: T = 1000 steps, H = 256 units, one sequence. Writes docs/benchmarks/unfold.md.

Each row is a process of its own, so that its peak memory is its own. Run it: python -m benchmarks.unfold
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import torch
from torch import Tensor

from peephole.neural import GRU, LSTM, RNN, Trace, unfold

T, INPUTS, H = 1000, 64, 256
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "unfold.md"
SECONDS, MEGABYTES = 3.0, 1000.0  # the goal for opening

CASES: dict[str, Callable[[], Any]] = {
    "LSTM vanilla": lambda: LSTM(INPUTS, H),
    "LSTM vanilla, float64": lambda: LSTM(INPUTS, H, dtype=torch.float64),
    "LSTM FGR": lambda: LSTM(INPUTS, H, variant="FGR"),
    "LSTM vanilla, 2 layers, both directions": lambda: LSTM(INPUTS, H, num_layers=2, bidirectional=True),
    "GRU": lambda: GRU(INPUTS, H),
    "RNN": lambda: RNN(INPUTS, H),
}
NAIVE = "LSTM vanilla, a Python loop with retain_grad on every variable"
ASKED: dict[str, Callable[[Trace], object]] = {
    "the routes of c, the shares of all steps": lambda trace: trace.routes("c"),
    "one step's loss followed alone (loss_at=500)": lambda trace: trace.error("c", loss_at=500),
    "each step's share of the gradient of R_for, as norms": lambda trace: trace.gradient_norms("R_for"),
    "one Jacobian ∂c(t)/∂c(t-1)": lambda trace: trace.jacobian("c", 500),
    "the Jacobian over 100 steps ∂c(t)/∂c(t-100)": lambda trace: trace.jacobian("c", 500, since=400),
    "error map, 64 rows": lambda trace: trace.error_flow(),
    "error map, all 1000 rows": lambda trace: trace.error_flow(rows="all"),
    "the norms of all 1000 one-step Jacobians": lambda trace: trace.jacobian_norms("c"),
    "the equation of δc of one unit": lambda trace: trace.error_equation("c", 500, 3),
    "the whole trace as a table (2.6 million rows)": lambda trace: trace.to_table(),
}


def per_step(y: Tensor) -> Tensor:
    return (y**2).mean((1, 2))


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds of the processor (one thread, so the time on a machine of one's own), seconds on the clock, the result."""
    start, wall = process_time(), perf_counter()
    found = work()
    return process_time() - start, perf_counter() - wall, found


def naive(module: LSTM, x: Tensor) -> list[dict[str, Tensor]]:
    """What one would write by hand: keep every variable of every step and its gradient."""
    P = module.views()
    y = c = x.new_zeros(x.shape[1], H)
    history = []
    for row in x:
        now: dict[str, Tensor] = {}
        for letter, block in (("z", "z"), ("i", "in"), ("f", "for")):
            bar = row @ P[f"W_{block}"].T + y @ P[f"R_{block}"].T + P[f"b_{block}"]
            now[letter + "_bar"] = bar if block == "z" else bar + P[f"p_{block}"] * c
            now[letter] = torch.tanh(bar) if block == "z" else torch.sigmoid(now[letter + "_bar"])
        c = now["c"] = now["z"] * now["i"] + c * now["f"]
        now["o_bar"] = row @ P["W_out"].T + y @ P["R_out"].T + P["p_out"] * c + P["b_out"]
        now["o"] = torch.sigmoid(now["o_bar"])
        y = now["y"] = now["o"] * torch.tanh(c)
        for value in now.values():
            value.retain_grad()
        history.append(now)
    per_step(torch.stack([now["y"] for now in history])).sum().backward()
    return history


def case(name: str) -> dict[str, Any]:
    """One row, measured in this process."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    module = CASES["LSTM vanilla" if name == NAIVE else name]()
    x = torch.randn(T, 1, INPUTS, dtype=next(module.parameters()).dtype)
    before = peak_megabytes()
    if name == NAIVE:
        seconds, wall, history = timed(lambda: naive(module, x))
        trace = unfold(module, x, per_step)
        off = max(float((now["c"].grad - trace.error("c")[t]).abs().max()) for t, now in enumerate(history))
    else:
        seconds, wall, trace = timed(lambda: unfold(module, x, per_step))
        sums = ((sum(trace.routes(v).values()) - trace.error(v), trace.error(v)) for v in trace.variables)
        off = max(float(gap.abs().max() / error.abs().max()) for gap, error in sums)
    return {"name": name, "seconds": seconds, "wall": wall, "before": before, "peak": peak_megabytes(), "off": off}


def asked() -> dict[str, float]:
    """The seconds of everything that is computed only when asked for."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    trace = unfold(LSTM(INPUTS, H), torch.randn(T, 1, INPUTS), per_step)
    found = {name: timed(lambda work=work: work(trace))[0] for name, work in ASKED.items()}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trace.npz"
        found["save"] = timed(lambda: trace.save(path))[0]
        found[f"load ({path.stat().st_size / 1e6:.0f} MB)"] = timed(lambda: Trace.load(path))[0]
    return found


def in_a_process(*arguments: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.unfold", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def page() -> str:
    rows = [in_a_process(name) for name in [*CASES, NAIVE]]
    lines = [
        "# What opening a trace costs",
        "",
        f"T = {T}, H = {H}, I = {INPUTS}, one sequence, float32 unless said; torch {torch.__version__}, one thread, "
        f"{platform.machine()}.",
        f"Goal: under {SECONDS:g} s and {MEGABYTES / 1000:g} GB. Memory is the peak of the process; most of it is torch itself "
        "(`MB before`).",
        "Seconds are the processor's; the machine had other work to do, as the clock shows.",
        "Made by `python -m benchmarks.unfold`.",
        "",
        "| opening | seconds | on the clock | MB before | MB at peak | shares against δ, relative |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        off = "-" if row["name"] == NAIVE else f"{row['off']:.0e}"
        lines.append(
            f"| {row['name']} | {row['seconds']:.2f} | {row['wall']:.2f} | {row['before']:.0f} | {row['peak']:.0f} | {off} |"
        )
    lines += ["", f"δc by the trace and by that loop differ by {rows[-1]['off']:.0e} at most.", ""]
    lines += ["| asked for later (LSTM vanilla) | seconds |", "|---|---|"]
    lines += [f"| {name} | {seconds:.3f} |" for name, seconds in in_a_process("--asked").items()]
    slow = [
        row["name"] for row in rows if row["name"] != NAIVE and (row["seconds"] > SECONDS or row["peak"] > MEGABYTES)
    ]
    lines += ["", f"Beyond the goal: {', '.join(slow)}." if slow else "Every case is within the goal.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asked() if sys.argv[1] == "--asked" else case(sys.argv[1])))
    else:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(), encoding="utf-8")
        print(PAGE.read_text(encoding="utf-8"))
