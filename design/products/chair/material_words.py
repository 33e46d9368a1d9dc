"""What people call a chair's materials, and what is calculated in their place: timber is beech, plywood
birch, steel S355 and aluminium 6061-T6 (:mod:`.materials`); what else is asked for is said to be taken so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...family.lexicon import Figure
from . import declaration as d

TIMBERS = (
    "oak", "ash", "walnut", "maple", "birch", "elm", "pine", "spruce", "teak", "hornbeam", "cherry wood",
    "larch", "mahogany", "bamboo", "hardwood", "softwood",
)  # fmt: skip
TIMBERS_ZH = (
    "橡木", "白橡木", "红橡木", "白蜡木", "水曲柳", "胡桃木", "黑胡桃", "黑胡桃木", "枫木", "桦木", "榆木",
    "松木", "柚木", "樱桃木", "橡胶木", "竹",
)  # fmt: skip
BEECH, BEECH_ZH = ("beech", "beechwood"), ("榉木", "山毛榉")
BIRCH_PLY = (
    "birch plywood", "birch ply", "plywood", "ply", "moulded plywood", "molded plywood", "moulded ply",
    "molded ply", "bent plywood", "bent ply",
)  # fmt: skip
BIRCH_PLY_ZH = ("桦木胶合板", "桦木多层板", "胶合板", "多层板", "夹板", "曲木板")


def _seats(stuff: str) -> Iterator[str]:
    """A seat of that, as people put the two together."""
    if not stuff.isascii():
        yield from (f"{stuff}{noun}" for noun in ("座面", "座板", "椅面", "座"))
        yield from (
            f"{noun}{verb}{stuff}" for noun in ("座面", "座板", "椅面") for verb in ("", "用", "为", "是")
        )
        return
    for noun in ("seat", "shell", "seat shell", "seat panel"):
        yield f"{stuff} {noun}"
        yield from (f"{noun} {word} {stuff}" for word in ("in", "of", "from", "made of"))


def _frames(stuff: str) -> Iterator[str]:
    """A frame of that."""
    if stuff.isascii():
        yield from (f"{stuff} {noun}" for noun in ("frame", "legs", "leg", "base"))
    else:
        yield from (f"{stuff}{noun}" for noun in ("框架", "椅架", "椅腿", "腿", "架"))


def _block(*names: str) -> str:
    return ", ".join(names)


def _just(quantity: str, number: int, source: str, taken_for: str = "") -> tuple[Figure, ...]:
    return (Figure(quantity, float(number), "1", source, float(number), taken_for),)


def material_figures() -> Mapping[str, tuple[Figure, ...]]:
    """Words of materials with what they ask of frame and seat."""
    found: dict[str, tuple[Figure, ...]] = {}
    for names, other in (((*BEECH, *BEECH_ZH), ""), ((*TIMBERS, *TIMBERS_ZH), "beech")):
        solid = [f"solid {n}" for n in names if n.isascii()]
        frames = [frame for n in (*names, *solid) for frame in _frames(n)]
        found[_block(*names, *solid, *frames)] = _just("frame_material", d.TIMBER, "timber frame", other)
        seats = [seat for n in (*names, *solid) for seat in _seats(n)]
        found[_block(*seats)] = _just("seat_material", d.SOLID, "solid wood", other)
    seats = [seat for n in (*BIRCH_PLY, *BIRCH_PLY_ZH) for seat in _seats(n)]
    found[_block(*BIRCH_PLY, *BIRCH_PLY_ZH, *seats)] = _just("seat_material", d.PLYWOOD, "birch plywood")
    veneers = [
        f"{n} {ply}" for n in (*BEECH, *TIMBERS) if n != "birch" for ply in ("ply", "plywood", "veneer")
    ]
    veneers += [
        f"{n}{ply}" for n in (*BEECH_ZH, *TIMBERS_ZH) if n != "桦木" for ply in ("胶合板", "多层板", "贴面")
    ]
    found[_block(*veneers, *(seat for n in veneers for seat in _seats(n)))] = _just(
        "seat_material", d.PLYWOOD, "plywood", "birch_plywood"
    )
    steels = (
        "stainless steel",
        "stainless",
        "mild steel",
        "carbon steel",
        "s235",
        "chromoly",
        "不锈钢",
        "碳钢",
    )
    tubes = [f"{n} tube" for n in steels if n.isascii()]
    found[_block(*steels, *tubes, *(frame for n in steels for frame in _frames(n)))] = _just(
        "frame_material", d.STEEL, "steel tube", "steel_s355"
    )
    found["6061, 6061 aluminium, 6061 aluminum"] = _just("frame_material", d.ALUMINIUM, "aluminium tube")
    found["6060, 6063, 6082, 7005, 7075, 7020"] = _just(
        "frame_material", d.ALUMINIUM, "aluminium tube", "aluminium_6061"
    )
    return found
