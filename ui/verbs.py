"""The verbs: what the command line, the web app and a notebook call. One typed function each.

Every function takes plain arguments or records, reports through ``progress(stage, share)`` and returns a
frozen record (:mod:`.results`). Errors are those of :mod:`maquette.design.errors`.
"""

from __future__ import annotations

from .doctor import doctor
from .verbs_body import body
from .verbs_concepts import restyle, sketch
from .verbs_flow import campaign, simulate
from .verbs_search import assess, design, optimise
from .verbs_shape import build, predict, verify
from .verbs_space import families, sample

__all__ = [
    "assess",
    "body",
    "build",
    "campaign",
    "design",
    "doctor",
    "families",
    "optimise",
    "predict",
    "restyle",
    "sample",
    "simulate",
    "sketch",
    "verify",
]
