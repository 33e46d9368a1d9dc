"""Bodies for the 3D view: the fast mesh as a small GLB, kept for as long as somebody may look at it.

The view smooths the normals itself, so these files hold positions and colours only and are written in some
milliseconds; the file that people download is the release's, with normals and every check.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...design import messages
from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.geometry.mesh import MeshPart
from ...design.geometry.worker import GIB, KernelPool, Limits, keep_niceness
from ...design.rendering.shading import finish_of, kind_of
from ...design.rendering.strain import strained
from ...design.structures.solve import solve
from ..messages.words import Words
from ..paint import painted
from ..release.report import STRESS

KEPT = 48  # bodies in memory: about 1.5 MB each
KNOWN = 4096  # designs whose body can be made when somebody asks for it
NICENESS = 5  # of the process that makes bodies: after numbers, before jobs
MAKING = 30.0  # s for one body, some hundred times what it takes
_FLOAT, _UINT = 5126, 5125


class Bodies:
    """GLBs by a key that follows from the design; each is made when it is first asked for.

    A moving slider leaves many bodies behind that no page ever fetches.

    Args:
        pool: a worker process that makes them, so that numbers never wait for bodies; None makes them here.
    """

    def __init__(self, pool: KernelPool | None = None) -> None:
        self._pool = pool
        self._known: OrderedDict[str, tuple[str, dict[str, float], str, bool]] = OrderedDict()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, family: str, values: Mapping[str, float], palette: str = "", in_use: bool = False) -> str:
        """The key of a design's body; `in_use`: among what it is used with."""
        text = json.dumps([family, palette, in_use, sorted(values.items())])
        key = hashlib.sha256(text.encode()).hexdigest()[:32]
        with self._lock:
            self._known[key] = (family, dict(values), palette, in_use)
            self._known.move_to_end(key)
            while len(self._known) > KNOWN:
                self._known.popitem(last=False)
        return key

    def get(self, key: str) -> bytes | None:
        """The GLB, or None for a key that was dropped (the page asks for the design again).

        Raises:
            MaquetteError: the design breaks rules of its family and has no body.
        """
        with self._lock:
            known = self._known.get(key)
            made = self._kept.get(key)
            if made is not None:
                self._kept.move_to_end(key)
        if made is not None or known is None:
            return made
        if self._pool is None:
            made = body_glb(*known)
        else:
            made = self._pool.run(made_apart, *known, parameters=known[1])
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def warm(self) -> None:
        """Start the worker process, if there is to be one, without waiting for it."""
        if self._pool is not None:
            self._pool.warm()

    def close(self) -> None:
        """End the worker process."""
        if self._pool is not None:
            self._pool.close()


def maker() -> KernelPool:
    """The worker process that makes bodies: the fast mesh only, no CAD kernel."""
    return KernelPool(Limits(MAKING, 4 * GIB), (__name__, "maquette.design.products.car.body"))


def body_glb(family: str, values: Mapping[str, float], palette: str, in_use: bool = False) -> bytes:
    """The GLB of one body, `in_use` among what it is used with; in the palette :data:`STRESS` as its deciding
    load bends it, in colours."""
    product = get_family(family)
    structure = product.structure(values) if palette == STRESS else None
    if structure is None:
        around = product.in_use(values) if in_use else []
        return light_glb([*painted(product.mesh(values), palette), *around])
    return light_glb(strained(product.mesh(values), solve(structure)).parts)


def made_apart(family: str, values: Mapping[str, float], palette: str, in_use: bool = False) -> bytes:
    """:func:`body_glb` in the worker process, which steps back behind the server's numbers."""
    if os.getpriority(os.PRIO_PROCESS, 0) < NICENESS:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
        keep_niceness()
    return body_glb(family, values, palette, in_use)


def light_glb(parts: Sequence[MeshPart]) -> bytes:
    """glTF 2.0 binary of coloured parts: metres, y up, front along +z, no normals."""
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "Maquette"},
        "scene": 0,
        "scenes": [{"nodes": []}],
        "nodes": [],
        "meshes": [],
        "materials": [],
        "accessors": [],
        "bufferViews": [],
    }
    blobs: list[bytes] = []
    offset = 0

    def add(array: Any, kind: str, component: int) -> int:
        nonlocal offset
        entry: dict[str, Any] = {
            "bufferView": len(blobs),
            "componentType": component,
            "count": len(array),
            "type": kind,
        }
        if kind == "VEC3":
            entry |= {"min": array.min(axis=0).tolist(), "max": array.max(axis=0).tolist()}
        data = array.tobytes()
        document["bufferViews"].append({"buffer": 0, "byteOffset": offset, "byteLength": len(data)})
        document["accessors"].append(entry)
        blobs.append(data)
        offset += len(data)
        return len(blobs) - 1

    for part in parts:
        if not len(part.mesh.faces):
            continue
        k = len(document["nodes"])
        v = part.mesh.vertices
        points = np.stack([-v[:, 1], v[:, 2], -v[:, 0]], axis=1) * 1e-3
        primitive = {
            "attributes": {"POSITION": add(points.astype("<f4"), "VEC3", _FLOAT)},
            "indices": add(part.mesh.faces.ravel().astype("<u4"), "SCALAR", _UINT),
            "material": k,
        }
        finish = finish_of(part)
        colour = [*(c**2.2 for c in part.colour[:3]), part.colour[3]]
        document["materials"].append(
            {
                "pbrMetallicRoughness": {
                    "baseColorFactor": colour,
                    "metallicFactor": finish.metal,
                    "roughnessFactor": finish.roughness,
                },
                "extras": {"gloss": finish.gloss, "f0": finish.f0, "kind": kind_of(part)},
            }
        )
        document["meshes"].append({"name": part.name, "primitives": [primitive]})
        document["nodes"].append({"name": part.name, "mesh": k})
        document["scenes"][0]["nodes"].append(k)
    if not blobs:
        raise InputError(messages.say("there is nothing to show: the body has no triangles"))
    document["buffers"] = [{"byteLength": offset}]
    text = json.dumps(document, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 4)
    return b"".join(
        (
            struct.pack("<4sII", b"glTF", 2, 28 + len(text) + offset),
            struct.pack("<I4s", len(text), b"JSON"),
            text,
            struct.pack("<I4s", offset, b"BIN\0"),
            *blobs,
        )
    )


def dimensions(family: Family, values: Mapping[str, float], words: Words) -> list[dict[str, Any]]:
    """The family's dimension lines for the view: ends (mm, body axes), name and text."""
    return [
        {
            "name": words.name(line.name, family),
            "a": [float(c) for c in line.start],
            "b": [float(c) for c in line.end],
            "text": f"{line.length:.0f} mm",
        }
        for line in family.dimensions_in_space(values)
    ]
