"""Named exact parts. The kernel itself is imported only by those who build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import BuildError, MaquetteError
from ..messages import Message, quoted, say
from .mesh import Colour, FinishName


@dataclass(frozen=True)
class SolidPart:
    """A named, coloured exact part.

    Attributes:
        name: part name, the same as the fast mesh's part.
        shape: `cadquery.Shape` holding one valid solid (mm), already in place.
        colour: sRGB RGBA in 0..1.
        material: material name; density_kg_m3 goes with it into the STEP file.
        role, finish: as of the fast mesh's part.
    """

    name: str
    shape: Any
    colour: Colour
    material: str = ""
    density_kg_m3: float = 0.0
    role: str = ""
    finish: FinishName = "paint"


def guarded(product: Message, name: str, values: Mapping[str, float], build: Callable[[], Any]) -> Any:
    """What `build` makes of a part of that name; kernel failures become one domain error that carries the
    parameters.

    Raises:
        BuildError: naming product and part.
    """
    try:
        return build()
    except MaquetteError as error:
        why: Message | str = error.message
        cause: Exception = error
    except Exception as error:  # the kernel raises its own many kinds
        why = quoted(f"kernel failure ({type(error).__name__}: {error})")
        cause = error
    raise BuildError(
        say("{product} part {part!r}: {why}", product=product, part=name, why=why), values
    ) from cause
