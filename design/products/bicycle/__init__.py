"""The bicycle frame family: tubes of steel, aluminium or titanium, from road race to step-through."""

from .family import Bicycle

__all__ = ["Bicycle"]
