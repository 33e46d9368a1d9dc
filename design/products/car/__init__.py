"""The car family: one continuous space from city car to large saloon, fastback, notchback, estate and SUV."""

from .family import Car

__all__ = ["Car"]
