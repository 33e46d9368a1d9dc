"""Which families are installed: ours and those of other packages, found through one entry-point group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages import say
from ..plugins import names, plugin

if TYPE_CHECKING:  # the command line asks for a name at its start, and need not load numpy for it
    from .contract import Family

ENTRY_POINT_GROUP = "maquette.families"

#: the product that is meant where none is named
DEFAULT_FAMILY = "car"


def families() -> dict[str, Family]:
    """Every installed family by name (entry-point group ``maquette.families``).

    >>> {'ahmed', 'bicycle', 'car'} <= set(families())
    True
    """
    return {name: get_family(name) for name in names(ENTRY_POINT_GROUP)}


def get_family(name: str) -> Family:
    """The family of that name, or :class:`InputError` naming those that exist.

    >>> get_family("ahmed").title
    'Ahmed body'
    """
    family: Family = plugin(ENTRY_POINT_GROUP, say("family"), name)
    return family
