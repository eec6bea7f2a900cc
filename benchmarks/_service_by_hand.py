"""The floor of the service benchmark: a fitted model behind FastAPI as one would write it in a hurry."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import uvicorn
from fastapi import FastAPI

from peephole.ports.model import ModelCodec

_TYPES = {"integer": pa.int64(), "number": pa.float64(), "text": pa.string(), "boolean": pa.bool_()}


def make_app(folder: Path) -> FastAPI:
    """The app for a model that is kept in a folder."""
    model = ModelCodec().load(folder)
    schema = pa.schema([(name, _TYPES[word]) for name, word in model.features.items()])
    app = FastAPI()

    @app.post("/run")
    def predict(asked: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, float]]]:
        rows = [{**row, "TotalCharges": _number(row["TotalCharges"])} for row in asked["customers"]]
        shares = model.estimator.predict_proba(pa.Table.from_pylist(rows, schema=schema))
        return {"predictions": [dict(zip(model.classes, row, strict=True)) for row in shares.tolist()]}

    return app


def _number(value: Any) -> float:
    text = str(value or "").strip()
    return float(text) if text else 0.0


if __name__ == "__main__":
    # the protocol is named, or asyncio does not switch off Nagle's delay
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        app = make_app(Path(sys.argv[1]))
        print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listening])
