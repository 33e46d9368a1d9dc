"""The verbs: what the command line, the web app and a notebook call. One typed function each.

Every function takes plain arguments or records, reports through ``progress(stage, share)`` and returns a
frozen record (:mod:`..results`). Errors are those of :mod:`maquette.design.errors`. A verb about one product
works on the ``workbench`` that it is given (:mod:`..workbench`); without one it opens the product's own.
"""

from __future__ import annotations

from ..doctor import doctor
from .body import body
from .concepts import restyle, sketch
from .edit import edit
from .flow import campaign, simulate
from .read import read
from .release import release
from .search import assess, design, optimise
from .shape import build, predict, verify
from .shape_in import is_shape, predict_shape, simulate_shape
from .space import families, sample
from .table import is_table, predict_table, train

__all__ = [
    "assess",
    "body",
    "build",
    "campaign",
    "design",
    "doctor",
    "edit",
    "families",
    "is_shape",
    "is_table",
    "optimise",
    "predict",
    "predict_shape",
    "predict_table",
    "read",
    "release",
    "restyle",
    "sample",
    "simulate",
    "simulate_shape",
    "sketch",
    "train",
    "verify",
]
