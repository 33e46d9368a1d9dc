"""Frames that people know, for a rider of about 1.8 m: proportions and tubes as makers' catalogues give."""

from __future__ import annotations

from .materials import ALUMINIUM, STEEL, TITANIUM

Body = dict[str, float | str]

ROAD_RACE: Body = {
    "stack": 555, "reach": 390, "head_angle": 73.2, "seat_angle": 73.7, "head_tube_length": 145,
    "seat_tube_length": 500, "chain_stay_length": 408, "bottom_bracket_drop": 72, "seat_tube_extension": 38,
    "seat_stay_drop": 42, "head_tube_lower": 36, "head_tube_upper": 28, "top_tube_diameter": 34,
    "down_tube_diameter": 44, "seat_tube_diameter": 31.6, "head_tube_diameter": 46, "chain_stay_diameter": 19,
    "seat_stay_diameter": 14, "shell_diameter": 46, "shell_width": 86, "chain_stay_inset": 18,
    "dropout_spacing": 142, "top_tube_wall": 1.2, "down_tube_wall": 1.3, "seat_tube_wall": 1.2,
    "chain_stay_wall": 1.5, "seat_stay_wall": 1.2, "head_tube_wall": 2.0, "seat_stay_bridge_offset": 352,
    "chain_stay_bridge": 0, "material": ALUMINIUM, "paint": "signal",
    "seat_stay_spread": 12,
}  # fmt: skip
ENDURANCE: Body = {
    "stack": 580, "reach": 380, "head_angle": 72.2, "seat_angle": 73.5, "head_tube_length": 168,
    "seat_tube_length": 490, "chain_stay_length": 420, "bottom_bracket_drop": 76, "seat_tube_extension": 42,
    "seat_stay_drop": 95, "head_tube_upper": 32, "top_tube_diameter": 31.8, "down_tube_diameter": 38.1,
    "seat_tube_diameter": 31.8, "chain_stay_diameter": 19, "seat_stay_diameter": 14, "shell_width": 80,
    "dropout_spacing": 142, "top_tube_wall": 0.9, "down_tube_wall": 0.9, "seat_tube_wall": 0.9,
    "seat_stay_bridge_offset": 358, "chain_stay_bridge_offset": 360, "material": TITANIUM, "paint": "raw",
    "seat_stay_spread": 13,
}  # fmt: skip
GRAVEL: Body = {
    "stack": 590, "reach": 392, "head_angle": 71.0, "seat_angle": 73.5, "head_tube_length": 155,
    "seat_tube_length": 480, "chain_stay_length": 435, "bottom_bracket_drop": 76, "seat_tube_extension": 52,
    "seat_stay_drop": 110, "head_tube_lower": 40, "head_tube_upper": 32, "top_tube_diameter": 28.6,
    "down_tube_diameter": 38.1, "seat_tube_diameter": 30.5, "chain_stay_diameter": 19,
    "seat_stay_diameter": 15,
    "shell_width": 86, "chain_stay_inset": 10, "dropout_spacing": 142, "top_tube_wall": 0.7,
    "down_tube_wall": 0.75, "seat_tube_wall": 0.75, "chain_stay_wall": 0.8, "seat_stay_wall": 0.7,
    "head_tube_wall": 1.2, "shell_wall": 2.0,
    "seat_stay_bridge_offset": 388, "chain_stay_bridge_offset": 388, "paint": "sand",
    "seat_stay_spread": 20,
}  # fmt: skip
TOURING: Body = {
    "stack": 590, "reach": 372, "head_angle": 71.5, "seat_angle": 73.0, "head_tube_length": 170,
    "seat_tube_length": 570, "chain_stay_length": 455, "bottom_bracket_drop": 76, "seat_tube_extension": 28,
    "seat_stay_drop": 30, "top_tube_diameter": 31.8, "down_tube_diameter": 35, "seat_tube_diameter": 29.8,
    "head_tube_diameter": 40, "chain_stay_diameter": 20, "seat_stay_diameter": 16, "shell_width": 73,
    "chain_stay_inset": 12, "dropout_spacing": 135, "top_tube_wall": 0.9, "down_tube_wall": 1.0,
    "seat_tube_wall": 0.95, "chain_stay_wall": 1.0, "seat_stay_wall": 1.0, "seat_stay_bridge_offset": 366,
    "chain_stay_bridge_offset": 368, "material": STEEL, "paint": "green",
}  # fmt: skip
RANDONNEUR: Body = {
    "stack": 585, "reach": 376, "head_angle": 73.0, "seat_angle": 73.0, "head_tube_length": 165,
    "seat_tube_length": 560, "chain_stay_length": 432, "bottom_bracket_drop": 72, "seat_tube_extension": 18,
    "seat_stay_drop": 22, "head_tube_upper": 20, "head_tube_lower": 30, "top_tube_diameter": 25.4,
    "down_tube_diameter": 28.6, "seat_tube_diameter": 28.6, "head_tube_diameter": 36,
    "chain_stay_diameter": 18,
    "seat_stay_diameter": 14, "shell_diameter": 40, "shell_width": 68, "chain_stay_inset": 12,
    "dropout_spacing": 126, "top_tube_wall": 0.65, "down_tube_wall": 0.7, "seat_tube_wall": 0.75,
    "chain_stay_wall": 0.8, "seat_stay_wall": 0.7, "head_tube_wall": 1.1, "shell_wall": 2.2,
    "seat_stay_bridge_offset": 360, "chain_stay_bridge_offset": 362, "seat_stay_spread": 14, "paint": "sky",
}  # fmt: skip
TRACK: Body = {
    "stack": 540, "reach": 392, "head_angle": 74.5, "seat_angle": 75, "head_tube_length": 125,
    "seat_tube_length": 530, "chain_stay_length": 400, "bottom_bracket_drop": 52, "seat_tube_extension": 24,
    "seat_stay_drop": 28, "head_tube_upper": 24, "head_tube_lower": 32, "top_tube_diameter": 28.6,
    "down_tube_diameter": 35, "seat_tube_diameter": 28.6, "head_tube_diameter": 37, "chain_stay_diameter": 20,
    "seat_stay_diameter": 14, "shell_diameter": 40, "dropout_spacing": 120, "top_tube_wall": 0.8,
    "down_tube_wall": 0.9, "seat_tube_wall": 0.9, "chain_stay_wall": 1.0, "seat_stay_wall": 0.9,
    "seat_stay_bridge_offset": 350, "chain_stay_bridge": 0, "chain_stay_inset": 13, "paint": "dark",
}  # fmt: skip
CITY: Body = {
    "stack": 620, "reach": 360, "head_angle": 70, "seat_angle": 71.5, "head_tube_length": 185,
    "seat_tube_length": 520, "chain_stay_length": 455, "bottom_bracket_drop": 60, "seat_tube_extension": 50,
    "seat_stay_drop": 52, "top_tube_diameter": 31.8, "down_tube_diameter": 38.1, "seat_tube_diameter": 31.8,
    "chain_stay_diameter": 20, "seat_stay_diameter": 16, "shell_width": 73, "chain_stay_inset": 12,
    "dropout_spacing": 135, "top_tube_wall": 1.3, "down_tube_wall": 1.5, "seat_tube_wall": 1.5,
    "chain_stay_wall": 1.8, "seat_stay_wall": 1.5, "head_tube_wall": 2.2, "seat_stay_bridge_offset": 384,
    "chain_stay_bridge_offset": 382, "material": ALUMINIUM, "paint": "ivory",
    "seat_stay_spread": 15,
}  # fmt: skip
STEP_THROUGH: Body = CITY | {
    "stack": 610, "reach": 345, "seat_tube_length": 470, "seat_tube_extension": 285, "seat_stay_drop": 45,
    "head_tube_length": 200, "head_tube_upper": 55, "down_tube_diameter": 40, "top_tube_diameter": 36,
    "down_tube_wall": 1.8, "top_tube_wall": 1.8, "seat_tube_diameter": 33, "paint": "signal",
}  # fmt: skip
HARDTAIL: Body = {
    "stack": 620, "reach": 455, "head_angle": 66, "seat_angle": 75.5, "head_tube_length": 112,
    "seat_tube_length": 440, "chain_stay_length": 440, "bottom_bracket_drop": 58, "seat_tube_extension": 60,
    "seat_stay_drop": 95, "head_tube_lower": 38, "head_tube_upper": 26, "top_tube_diameter": 34,
    "down_tube_diameter": 46, "seat_tube_diameter": 35, "head_tube_diameter": 50, "chain_stay_diameter": 19,
    "seat_stay_diameter": 16, "shell_diameter": 46, "shell_width": 92, "chain_stay_inset": 10,
    "dropout_spacing": 148, "top_tube_wall": 1.5, "down_tube_wall": 1.7, "seat_tube_wall": 1.6,
    "chain_stay_wall": 1.9, "seat_stay_wall": 1.6, "head_tube_wall": 2.4, "seat_stay_bridge_offset": 400,
    "seat_stay_spread": 21, "chain_stay_bridge": 0, "material": ALUMINIUM, "paint": "dark",
}  # fmt: skip

ARCHETYPES: dict[str, Body] = {
    "road_race": ROAD_RACE,
    "endurance": ENDURANCE,
    "gravel": GRAVEL,
    "touring": TOURING,
    "randonneur": RANDONNEUR,
    "track": TRACK,
    "city": CITY,
    "step_through": STEP_THROUGH,
    "hardtail": HARDTAIL,
}
