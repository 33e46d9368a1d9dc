"""A trained surrogate on disk: ``model.json`` (what it is, how it was made) and ``weights.safetensors``.

Both are pinned by SHA-256: the weights in ``model.json``, and ``model.json`` in itself (over its content
without that one key), so a flipped byte in either is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import ModelError
from ...design.files import unreadable

FORMAT_VERSION = 2
JSON_NAME, WEIGHTS_NAME = "model.json", "weights.safetensors"
MAX_BYTES = 64_000_000


def save_model(folder: Path, info: Mapping[str, Any], weights: Mapping[str, FloatArray]) -> dict[str, Any]:
    """Write both files; returns the information with the hashes added."""
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    data = save({k: np.ascontiguousarray(v, dtype=np.float64) for k, v in sorted(weights.items())})
    (folder / WEIGHTS_NAME).write_bytes(data)
    full = {"format_version": FORMAT_VERSION, **info, "weights_sha256": hashlib.sha256(data).hexdigest()}
    full["sha256"] = _content_hash(full)
    (folder / JSON_NAME).write_text(json.dumps(full, indent=1) + "\n", encoding="utf-8")
    return full


def load_model(folder: Path) -> tuple[dict[str, Any], dict[str, FloatArray]]:
    """Read and check both files.

    Raises:
        ModelError: when a file is missing, damaged, changed or of another format.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    raw = _read(folder / JSON_NAME)
    try:
        info = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{folder / JSON_NAME}: not valid JSON; the model is damaged, train it again"
        ) from error
    if not isinstance(info, dict) or info.get("format_version") != FORMAT_VERSION:
        raise ModelError(f"{folder / JSON_NAME}: not a surrogate of format version {FORMAT_VERSION}")
    if info.get("sha256") != _content_hash(info):
        raise ModelError(f"{folder / JSON_NAME}: content differs from its SHA-256; the model is damaged")
    data = _read(folder / WEIGHTS_NAME)
    if hashlib.sha256(data).hexdigest() != info.get("weights_sha256"):
        raise ModelError(f"{folder / WEIGHTS_NAME}: SHA-256 differs from model.json; the model is damaged")
    try:
        weights = load(data)
    except SafetensorError as error:
        raise ModelError(f"{folder / WEIGHTS_NAME}: not a safetensors file ({error})") from error
    return info, weights


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path}: larger than {MAX_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(unreadable(path, error)) from error


def _content_hash(info: Mapping[str, Any]) -> str:
    content = {k: v for k, v in info.items() if k != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
