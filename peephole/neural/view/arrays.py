"""Numbers on their way to the browser: little-endian bytes in base64, so that none is rounded and none is NaN in JSON."""

from __future__ import annotations

import base64
from typing import Any

import torch
from torch import Tensor


def packed(tensor: Tensor) -> dict[str, Any]:
    """A tensor as `{dtype: "f4"|"f8", shape, data}`: float64 stays, all others become float32 (which holds the halves)."""
    kept = tensor.detach().cpu()
    kept = kept if kept.dtype == torch.float64 else kept.float()
    array = kept.contiguous().numpy()
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return {
        "dtype": f"f{array.dtype.itemsize}",
        "shape": list(array.shape),
        "data": base64.b64encode(little.tobytes()).decode("ascii"),
    }
