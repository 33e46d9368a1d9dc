"""A family that is nothing like a car, with words of its own: nouns, moods, options, names, figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from brick import box_mesh

from maquette.design.family.contract import Broken, Family, Measure
from maquette.design.family.lexicon import (
    Attribute,
    Figure,
    Lexicon,
    OptionWords,
    QuantityWords,
    Tongue,
)
from maquette.design.family.parameters import Choice, Range
from maquette.design.geometry.mesh import Mesh, MeshPart
from maquette.design.geometry.solid import SolidPart


@dataclass(frozen=True)
class StoolParameters:
    """A seat on legs."""

    seat_height: Annotated[float, Range(300, 800, 450, "mm", "Ground to seat.", "seat")]
    seat_width: Annotated[float, Range(250, 500, 350, "mm", "Across the seat.", "seat")]
    leg_splay: Annotated[float, Range(0, 15, 5, "deg", "Legs from the vertical.", "legs")]
    leg_width: Annotated[float, Range(20, 60, 35, "mm", "Across a leg.", "legs")]
    seat_surface: Annotated[str, Choice(("ash", "leather"), "ash", "What one sits on.", "seat")] = "ash"


LEXICON = Lexicon(
    attributes=(
        Attribute("seat", "seat_height", label="seat height"),
        Attribute("splay", "leg_splay", label="splay of the legs"),
        Attribute("legs", "leg_width"),
    ),
    tongues={
        "en": Tongue(
            noun="stool",
            bodies={"bar": "bar stool, counter stool", "milking": "milking stool | footstool"},
            moods={"airy": "airy, delicate", "sturdy": "sturdy, robust"},
            attributes={
                "seat": ("low seat", "medium seat", "high seat, tall seat"),
                "splay": ("upright legs", "slightly splayed legs", "splayed legs"),
                "legs": ("thin legs, slim legs", "medium legs", "thick legs, stout legs"),
            },
            parts={
                "seat": {"seat": ("low, lowered", "high, tall, raised")},
                "leg": {"legs": ("thin, slim, slender", "thick, stout"), "splay": ("upright", "splayed")},
            },
            stops="wooden",
        ),
        "zh": Tongue(
            noun="凳子",
            article="一张",
            bodies={"bar": "吧凳, 高脚凳", "milking": "矮凳 | 小板凳"},
            moods={"airy": "轻盈, 通透", "sturdy": "结实, 稳重"},
            attributes={
                "seat": ("低座面, 座面低", "座面高度适中", "高座面, 座面高"),
                "splay": ("直腿, 凳腿直立", "凳腿略外撇", "外撇的凳腿, 凳腿外撇"),
                "legs": ("细腿, 凳腿细", "凳腿粗细适中", "粗腿, 凳腿粗"),
            },
            parts={
                "座面": {"seat": ("低, 矮", "高")},
                "凳腿": {"legs": ("细", "粗"), "splay": ("直立", "外撇")},
            },
            stops="木",
            names={
                "stool": "凳子",
                "seat_height": "座高",
                "seat_surface": "座面材料",
                "ash": "白蜡木",
                "leather": "皮革",
                "bar": "吧凳",
                "legs": "凳腿",
            },
        ),
    },
    moods={
        "airy": {"leg_width": -0.3, "leg_splay": 0.1},
        "sturdy": {"leg_width": 0.3, "seat_width": 0.1},
    },
    size="seat",
    quantities=QuantityWords(
        synonyms={"seat_height": "sitting height, seat", "mass": "weight, weighing"},
        better={"low": "mass"},
        axes={"wide": ("seat_width",), "tall": ("seat_height",), "heavy": ("mass",)},
        bare={"mass": ("mass",)},
        features={"leg_width": "legs, leg"},
        superlatives={(-1, "mass"): "as portable as possible"},
        figures={
            "for a kitchen counter, at the counter": (
                Figure("seat_height", 600.0, "mm", "counters of 900 mm less 300 mm for the thighs"),
            )
        },
        mood_wishes={"airy": (("minimise", "mass"),)},
        stops="seating",
    ),
    options=OptionWords(
        nouns={"SEAT": "(?:seat|top)", "座": "(?:座面|凳面)"},
        pairs=(("(?:leather|upholstered|padded)", "{SEAT}", {"seat_surface": "leather"}),),
        phrases=(
            ("(?:皮革|真皮|软包)的?{座}", {"seat_surface": "leather"}),
            ("(?:白蜡木|木)的?{座}", {"seat_surface": "ash"}),
        ),
    ),
)


class Stool(Family):
    """A box with a name and words; nobody builds it exactly."""

    name = "stool"
    title = "Stool"
    declaration = StoolParameters
    archetypes = {  # noqa: RUF012 - the contract declares a ClassVar
        "bar": {"seat_height": 750.0},
        "milking": {"seat_height": 320.0, "leg_splay": 12.0},
    }
    measure_list = (Measure("mass", "kg", "Of everything."),)
    lexicon = LEXICON

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        return []

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return {"mass": 1e-9 * 700.0 * (4 * values["leg_width"] ** 2 * values["seat_height"])}

    def hull(self, values: Mapping[str, float]) -> Mesh:
        return box_mesh(values["seat_width"], values["seat_width"], values["seat_height"])

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        return [MeshPart("stool", self.hull(values), (0.7, 0.5, 0.3, 1.0))]

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        raise NotImplementedError

    def hull_solid(self, values: Mapping[str, float]) -> object:
        raise NotImplementedError


STOOL = Stool()
