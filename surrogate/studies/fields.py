"""Numbers on a surface's vertices as text for a run's record: half precision, base64."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray


def pack(values: NDArray[np.float16]) -> str:
    """As text, for JSON."""
    return base64.b64encode(values.astype("<f2").tobytes()).decode("ascii")


def unpack(text: str) -> NDArray[np.float16]:
    """Back from text; empty where it is none."""
    try:
        return np.frombuffer(base64.b64decode(text, validate=True), dtype="<f2")
    except ValueError:
        return np.zeros(0, dtype=np.float16)
