"""Nose and tail of the car: what lies on the skin where it wraps around the ends."""

from .nose import nose_panels
from .tail import tail_panels
from .wrap import Wrap, wraps

__all__ = ["Wrap", "nose_panels", "tail_panels", "wraps"]
