"""Which studies are installed, and which of them a family is put through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.messages import listed, say, spelt
from ...design.plugins import plugin
from .contract import Cancel, Study, Work
from .record import Observation

ENTRY_POINT_GROUP = "maquette.studies"


def get_study(name: str) -> Study:
    """The study of that name, or :class:`InputError` naming those that exist.

    >>> get_study("wind_tunnel").levels
    ('coarse', 'medium', 'fine')
    """
    study: Study = plugin(ENTRY_POINT_GROUP, say("study"), name)
    return study


def studies_of(family: Family) -> tuple[Study, ...]:
    """The studies that a family declares, its own first one first."""
    return tuple(get_study(name) for name in family.studies)


def study_of(family: Family, name: str = "") -> Study:
    """The study of that name that a family is put through; its first one where none is named.

    >>> study_of(get_family("car")).headline.symbol
    'Cd'

    Raises:
        InputError: the family has none, or not this one.
    """
    if not family.studies:
        raise InputError(say("family {family!r} is put through no study", family=family.name))
    if name and name not in family.studies:
        raise InputError(
            say(
                "study is {study!r}; family {family!r} is put through {known}",
                study=name,
                family=family.name,
                known=listed(map(spelt, family.studies)),
            )
        )
    return get_study(name or family.studies[0])


def factors_of(family: Family) -> dict[str, str]:
    """What products of the family's studies are multiplied by: name of each to its measure."""
    return {p.name: p.measure for study in studies_of(family) for p in study.products_of(family)}


def simulate_design(
    study: str, family: str, values: Mapping[str, float], fidelity: str, recipe: str = "",
    cancel: Cancel | None = None, **work: Any,
) -> Observation:  # fmt: skip
    """:meth:`Study.observe` as a plain function of plain values, so that it can run on any machine."""
    return get_study(study).observe(get_family(family), values, fidelity, Work(cancel=cancel, **work), recipe)
