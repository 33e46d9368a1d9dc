"""The bicycle frame family: tubes of steel, aluminium or titanium from road race to hardtail and step-through."""

from .family import Bicycle

__all__ = ["Bicycle"]
