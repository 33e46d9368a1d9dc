"""Chairs that people recognise, as differences from the default."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ...family.parameters import indexed
from . import declaration as d

_TIMBER: Mapping[str, Any] = {"frame_material": d.TIMBER, "seat_material": d.SOLID, "frame_colour": "natural"}

_NAMED: Mapping[str, Mapping[str, Any]] = {
    "stacking": {
        "frame_colour": "chrome", "side_splay": 7.5, "rear_splay": 6.0, "front_splay": 5.0,
        "leg_inset": -17.0,
        "seat_taper": 50.0, "seat_roundness": 0.25, "leg_size": 22.0, "wall": 1.8, "back_height": 350.0,
        "back_roundness": 0.55, "back_width": 380.0,
    },
    "school": {
        "leg_size": 25.0, "wall": 2.0, "back_height": 330.0, "back_opening": 170.0, "back_angle": 12.0,
        "seat_roundness": 0.3, "back_roundness": 0.6, "side_splay": 3.0, "front_splay": 3.0,
        "frame_colour": "green", "seat_width": 400.0, "back_width": 360.0,
    },
    "dining": {
        **_TIMBER, "seat_thickness": 18.0, "back_kind": d.SLATS, "back_members": 2, "leg_size": 34.0,
        "leg_section": d.SQUARE, "leg_taper": 0.65, "leg_inset": 19.0, "front_splay": 1.0,
        "rear_splay": 8.0,
        "side_splay": 0.5, "back_height": 380.0, "back_opening": 170.0, "seat_width": 450.0,
        "seat_depth": 430.0, "seat_taper": 60.0, "seat_roundness": 0.12, "back_width": 370.0,
        "seat_colour": "natural", "seat_dish": 8.0,
    },
    "ladder_back": {
        **_TIMBER, "seat_thickness": 24.0, "back_kind": d.SLATS, "back_members": 4, "leg_size": 32.0,
        "leg_taper": 0.8, "leg_inset": 14.0, "front_splay": 0.0, "rear_splay": 3.0, "side_splay": 1.0,
        "back_height": 500.0, "back_opening": 110.0, "back_angle": 9.0, "seat_width": 470.0,
        "seat_depth": 370.0,
        "seat_taper": 80.0, "seat_roundness": 0.1, "stretchers": d.BOX, "stretcher_height": 0.42,
        "back_width": 370.0, "seat_colour": "cane", "frame_colour": "ash", "seat_dish": 4.0,
        "seat_angle": 2.0, "back_curve": 22.0,
    },
    "windsor": {
        **_TIMBER, "seat_thickness": 32.0, "back_kind": d.SPINDLES, "back_members": 7, "leg_size": 34.0,
        "leg_taper": 0.6, "leg_inset": 30.0, "front_splay": 9.0, "rear_splay": 15.0, "side_splay": 10.0,
        "back_height": 470.0, "back_width": 400.0, "back_roundness": 0.9, "back_angle": 14.0,
        "seat_width": 450.0,
        "seat_depth": 420.0, "seat_taper": 40.0, "seat_roundness": 0.6, "seat_dish": 12.0,
        "stretchers": d.H_FORM, "stretcher_height": 0.4, "bend_radius": 105.0,
    },
    "bentwood": {
        "frame_material": d.TIMBER, "seat_material": d.PLYWOOD, "frame_colour": "walnut",
        "seat_thickness": 28.0, "back_kind": d.HOOP, "leg_size": 34.0, "leg_taper": 0.7, "leg_inset": 20.0,
        "front_splay": 4.0, "rear_splay": 12.0, "side_splay": 4.0, "back_height": 430.0,
        "back_width": 370.0,
        "back_roundness": 0.95, "back_angle": 12.0, "seat_width": 410.0, "seat_depth": 410.0,
        "seat_taper": 10.0,
        "seat_roundness": 0.95, "seat_dish": 4.0, "seat_angle": 1.5, "bend_radius": 105.0,
        "seat_colour": "cane",
        "stretchers": d.BOX, "stretcher_height": 0.45,
    },
    "cantilever": {
        "base": d.CANTILEVER, "leg_size": 30.0, "wall": 3.5, "back_kind": d.PANEL, "back_height": 370.0,
        "front_splay": 3.0, "rear_splay": 4.0, "side_splay": 0.0, "leg_inset": -8.0, "bend_radius": 75.0,
        "seat_width": 450.0, "seat_depth": 440.0, "seat_taper": 0.0, "back_width": 465.0 - 5.0,
        "frame_colour": "chrome", "seat_colour": "cane", "seat_thickness": 16.0, "seat_roundness": 0.12,
        "back_roundness": 0.15, "back_opening": 160.0, "back_angle": 12.0,
    },
    "sled": {
        "base": d.SLED, "leg_size": 20.0, "wall": 2.0, "back_kind": d.SHELL, "back_height": 360.0,
        "leg_inset": 12.0,
        "front_splay": 6.0, "rear_splay": 13.0, "side_splay": 4.0, "bend_radius": 60.0,
        "back_roundness": 0.5,
        "seat_roundness": 0.4, "seat_width": 460.0, "seat_taper": 40.0, "frame_colour": "chrome",
        "seat_colour": "natural", "back_angle": 16.0, "seat_angle": 4.0,
    },
    "shell": {
        "back_kind": d.SHELL, "seat_material": d.PLASTIC, "seat_thickness": 10.0, "leg_size": 20.0,
        "wall": 2.0,
        "leg_inset": 26.0, "front_splay": 9.0, "rear_splay": 13.0, "side_splay": 9.0,
        "back_roundness": 0.75,
        "seat_roundness": 0.6, "seat_width": 470.0, "seat_taper": 50.0, "back_width": 430.0,
        "seat_colour": "red",
        "frame_colour": "chrome", "back_angle": 16.0, "back_height": 370.0, "bend_radius": 50.0,
    },
    "armchair": {
        **_TIMBER, "arms": 1, "seat_thickness": 20.0, "back_kind": d.PANEL, "leg_size": 34.0,
        "leg_taper": 0.65,
        "leg_inset": 14.0, "front_splay": 2.0, "rear_splay": 9.0, "side_splay": 1.5, "seat_width": 500.0,
        "seat_depth": 450.0, "seat_taper": 50.0, "seat_roundness": 0.2, "back_width": 440.0,
        "back_height": 360.0,
        "back_opening": 150.0, "back_curve": 45.0, "back_angle": 15.0, "bend_radius": 105.0,
        "arm_height": 205.0,
        "seat_colour": "walnut", "frame_colour": "natural", "back_roundness": 0.35,
    },
    "wire_back": {
        "back_kind": d.SPINDLES, "back_members": 9, "arms": 1, "frame_material": d.ALUMINIUM,
        "leg_size": 25.0,
        "wall": 2.0, "back_roundness": 0.5, "frame_colour": "natural", "side_splay": 4.0,
        "seat_width": 460.0,
        "seat_material": d.PLYWOOD, "back_height": 370.0, "back_width": 420.0, "bend_radius": 75.0,
    },
    "bistro": {
        "back_kind": d.SLATS, "back_members": 3, "arms": 1, "frame_material": d.ALUMINIUM, "leg_size": 25.0,
        "wall": 2.0, "frame_colour": "natural", "side_splay": 4.0, "seat_width": 450.0, "rear_splay": 14.0,
        "back_height": 340.0, "back_width": 430.0, "back_opening": 110.0, "bend_radius": 75.0,
        "seat_depth": 410.0,
        "seat_material": d.PLYWOOD,
    },
    "bar_stool": {
        "back_kind": d.NO_BACK, "seat_height": 750.0, "seat_width": 370.0, "seat_depth": 370.0,
        "seat_taper": 0.0,
        "seat_roundness": 0.9, "seat_angle": 0.0, "seat_dish": 6.0, **_TIMBER, "seat_thickness": 32.0,
        "leg_size": 34.0, "leg_taper": 0.75, "leg_inset": 22.0, "front_splay": 7.0, "rear_splay": 7.0,
        "side_splay": 7.0, "stretchers": d.BOX, "stretcher_height": 0.35,
        "frame_colour": "walnut",
        "seat_colour": "walnut",
    },
    "stool": {
        "back_kind": d.NO_BACK, "seat_height": 450.0, "seat_width": 370.0, "seat_depth": 370.0,
        "seat_taper": 0.0,
        "seat_roundness": 0.95, "seat_angle": 0.0, "seat_dish": 5.0, **_TIMBER, "seat_thickness": 28.0,
        "leg_size": 32.0, "leg_taper": 0.7, "leg_inset": 22.0, "front_splay": 8.0, "rear_splay": 8.0,
        "side_splay": 8.0,
        "frame_colour": "ash",
        "seat_colour": "ash",
    },
}  # fmt: skip

ARCHETYPES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {name: MappingProxyType(indexed(d.ChairParameters, values)) for name, values in _NAMED.items()}
)
