# ruff: noqa: E501 - tables of words read best with one text a line
"""What words mean for the bicycle frame: what can be seen, moods, quantities, materials and finishes."""

from __future__ import annotations

from collections.abc import Mapping

from ...family.lexicon import Attribute, Bundle, Figure, Lexicon, OptionWords, QuantityWords
from .lexicon_en import ENGLISH
from .lexicon_zh import CHINESE
from .materials import ALUMINIUM, STEEL, TITANIUM

ATTRIBUTES = (
    Attribute("stack", "stack"),
    Attribute("reach", "reach"),
    Attribute("head_angle", "head_angle", label="head angle"),
    Attribute("seat_angle", "seat_angle", label="seat angle"),
    Attribute("head_tube", "head_tube_length", label="head tube"),
    Attribute("seat_tube", "seat_tube_length", label="seat tube"),
    Attribute("stays", "chain_stay_length", label="chain stays"),
    Attribute("drop", "bottom_bracket_drop", label="bottom bracket"),
    Attribute("slope", "seat_tube_extension", label="top tube's slope"),
    Attribute("seat_stays", "seat_stay_drop", label="seat stays"),
    Attribute("down_tube", "down_tube_diameter", label="down tube"),
    Attribute("top_tube", "top_tube_diameter", label="top tube"),
    Attribute("head_width", "head_tube_diameter", label="head tube's width"),
    Attribute("stay_width", "chain_stay_diameter", label="chain stays' width"),
    Attribute("seat_stay_width", "seat_stay_diameter", label="seat stays' width"),
)

_THINNER = {
    f"{t}_wall": -0.12 for t in ("head_tube", "top_tube", "down_tube", "seat_tube", "chain_stay", "seat_stay")
}
_THICKER = dict.fromkeys(_THINNER, 0.15)
MOODS: Mapping[str, Mapping[str, float]] = {
    "light": _THINNER | {"shell_wall": -0.1},
    "stiff": {
        "down_tube_diameter": 0.2,
        "chain_stay_diameter": 0.15,
        "shell_width": 0.15,
        "head_tube_diameter": 0.1,
    },
    "sturdy": _THICKER | {"down_tube_diameter": 0.1, "chain_stay_length": 0.05},
    "comfortable": {
        "seat_stay_drop": 0.25,
        "seat_stay_diameter": -0.15,
        "stack": 0.1,
        "chain_stay_length": 0.1,
    },
    "nimble": {"chain_stay_length": -0.15, "head_angle": 0.15},
    "stable": {"chain_stay_length": 0.15, "head_angle": -0.12, "bottom_bracket_drop": 0.1},
    "aggressive": {"stack": -0.15, "reach": 0.1, "seat_angle": 0.1, "head_tube_length": -0.12},
    "upright": {"stack": 0.18, "reach": -0.12, "head_tube_length": 0.12, "seat_angle": -0.12},
    "elegant": {"top_tube_diameter": -0.2, "down_tube_diameter": -0.2, "seat_stay_diameter": -0.15},
    "muscular": {"top_tube_diameter": 0.2, "down_tube_diameter": 0.25, "head_tube_diameter": 0.2},
    "compact": {"seat_tube_length": -0.2, "seat_tube_extension": 0.05, "stack": -0.1, "reach": -0.12},
    "large": {"stack": 0.15, "reach": 0.12, "seat_tube_length": 0.15, "head_tube_length": 0.12},
}


def _made_of(number: int, name: str, taken_for: str = "") -> tuple[Figure, ...]:
    return (Figure("material", float(number), "1", name, float(number), taken_for),)


def _grades(names: str, metals: str) -> str:
    """Grades alone and with the metal behind them, as a block."""
    grades, behind = ([p.strip() for p in block.split(",")] for block in (names, metals))
    both = (f"{g} {m}" if m.isascii() else f"{g}{m}" for g in grades for m in behind)
    return ", ".join([*grades, *both])


QUANTITIES = QuantityWords(
    synonyms={
        "seat_stay_bridge_offset": "seat stay bridge position, 上叉横梁位置",
        "trail": "fork trail, steering trail, 拖曳, 前轮拖曳距, 曳距",
        "shell_wall": "shell thickness, 五通壁厚",
        "mass": "tips the scales at, tip the scales at, net weight, weight of the frame, bare frame weight, 整架重量, 车架净重, 裸架重量, 净重, 车架重, weight, frame weight, frame mass, weighing, weigh, weighs, 重量, 车架重量, 车重, 质量, 自重",
        "rider_height": """
        rider's size, my height, your height, his height, her height, i'm, i am, 车手身高, 使用者身高,
            rider, for a rider, rider's height, height of the rider, rider size, body height, stature, for a person, for someone, someone,
            骑手, 身高, 骑行者身高, 骑手身高
        """,
        "stack": "stack height, 堆高, 车头高度",
        "reach": "frame reach, 前伸, 前伸量",
        "head_angle": "angle of the head tube, ha, 前管角度, 前管角, 头管倾角, head tube angle, steering angle, steerer angle, hta, 头角, 头管角度",
        "seat_angle": "angle of the seat tube, sa, 立管角度, 立管角, 座管倾角, seat tube angle, sta, 座管角度, 座角",
        "chain_stay_length": "rear centre, rear center, rc, 后下叉长, 后中心, 后叉长度, 链支长度, chain stays, chainstays, chainstay length, cs length, cs, 后叉, 后叉长, chain stay, 后下叉, 后下叉长度",
        "seat_tube_length": "st length, 立管长度, 立管长, 立管, frame size, st, seat tube, seat tube c t, 车架尺寸, 座管长度, 座管",
        "head_tube_length": "length of the head tube, head tube, ht, 头管长度, 头管",
        "bottom_bracket_drop": "below the axles, below the wheel axles, below the axle line, under the axles, below the line of the axles, 下沉, 下沉量, 中轴下沉, 五通下沉值, 中轴落差, bb drop, bracket drop, bbd, 五通落差, 五通下沉量",
        "bottom_bracket_height": "height of the bottom bracket, 中轴高度, 中轴离地高度, 五通中心高度, bb height, bracket height, 五通高度, 五通离地, 五通离地高度, bbh",
        "tyre_clearance": """
        tyre size, max tyre, max tyre size, biggest tyre, 胎间隙, 过胎能力, 胎宽上限, 过胎宽度, 通过胎宽,
            clearance, clearance for tyres, 的胎, 胎, room for tyres, tyre width, tyre, tyres, maximum tyre, widest tyre,
            tyre room, 轮胎宽度, 胎宽, 最大胎宽, 轮胎
        """,
        "effective_top_tube": "horizontal top tube, tt, tt length, 水平上管, 上管有效长度, 有效上管长度, 水平上管长度, top tube length, effective top tube length, virtual top tube, ett, 上管长, 有效上管, 上管长度",
        "standover": "stand over clearance, 跨高高度, 上管离地高度, 跨立高度, standover height, stand over height, stand over, 跨越高度, 跨高",
        "saddle_height": "height of the saddle, 座垫高度, 坐垫高度, 鞍高, saddle, seat height, 坐高, 鞍座高度",
        "wheelbase": "wb, wheel base, 轴距",
        "fork_length": "fork axle to crown, a2c, a c, axle crown, fork a c, 前叉高度, 叉长, 前叉轴冠长, axle to crown, fork, 前叉长度",
        "toe_clearance": "toes clear the wheel by, toes clear the front wheel by, toe clears the wheel by, clearance to the toe, foot clearance, 脚尖间隙, 脚尖距离, 脚尖到前轮, 脚尖与前轮间隙, toe overlap, toe room, 脚尖余量",
        "bottom_bracket_stiffness": """
        stiffness of the bottom bracket, 中轴刚度, 五通侧向刚度,
            stiffness, bottom bracket, bb stiffness, stiffness at the bb, bracket stiffness, lateral stiffness, stiffness at the bottom
            bracket, 刚度, 刚性, 五通刚性, 侧向刚度
        """,
        "safety_factor": "safety, safety margin, factor of safety, sf, fatigue sf, fos, 安全, 安全裕度",
                "pedalling_deflection": "deflection under pedalling, deflection when pedalling, pedaling deflection, bb deflection, 踩踏时变形, 踩踏变形, 踩踏时五通变形, 五通变形, 五通挠度, 蹬踏变形, flex under pedalling, pedalling flex, 踩踏挠度",
        "saddle_deflection": "deflection at the saddle, saddle flex, vertical deflection at the saddle, 鞍座变形, 鞍座处变形, 鞍座处挠度, 鞍座下沉, 座垫下沉, 坐垫变形, vertical compliance, compliance, comfort, 舒适性, 垂直柔性",
        "down_tube_wall": "down tube thickness, 下管厚度",
        "shell_width": "shell face to face, 中轴宽度, 五通管宽度, 五通壳宽度, bottom bracket width, bb shell, bb shell width, shell, 五通宽",
        "front_centre": "front centre distance, fc, 前中心长度, 前中心距离, front center, 前中心, 前中",
        "dropout_spacing": "rear axle spacing, hub spacing at the rear, rear end spacing, rear axle width, 后轴开档, 后轴宽度, 后叉开档, 尾钩开档, between the dropouts, between dropouts, hub, rear hub, hub width, hub spacing, rear spacing, rear dropout spacing, dropouts, dropout width, over locknut dimension, old, 开档",
    },
    spellings={"tyre": "tire"},
    better={
        "low": "mass, peak_stress, pedalling_deflection, standover",
        "high": "safety_factor, bottom_bracket_stiffness, tyre_clearance, toe_clearance",
    },
    groups={"wheels to toes, clearances": ("tyre_clearance", "toe_clearance")},
    alternates={("bottom_bracket_stiffness", "length"): "bottom_bracket_height"},
    axes={"long": ("wheelbase",), "tall": ("stack",), "heavy": ("mass",)},
    bare={"mass": ("mass",), "angle": ("head_angle", "seat_angle")},
    reach={
        "mass": (0.7, 6.0), "effective_top_tube": (440.0, 720.0), "standover": (520.0, 950.0),
        "rider_height": (1450.0, 2150.0), "saddle_height": (600.0, 890.0), "tyre_clearance": (20.0, 65.0),
        "wheelbase": (900.0, 1300.0), "front_centre": (500.0, 850.0), "fork_length": (325.0, 575.0),
        "trail": (30.0, 130.0), "toe_clearance": (0.0, 300.0), "bottom_bracket_height": (230.0, 350.0),
        "safety_factor": (0.2, 6.0), "peak_stress": (50.0, 1500.0), "bottom_bracket_stiffness": (50.0, 1500.0),
        "max_deflection": (0.1, 60.0), "pedalling_deflection": (0.1, 10.0), "saddle_deflection": (0.02, 5.0),
    },
    parts={
        "head tube, 头管, 前管": {
            "length": "head_tube_length", "diameter": "head_tube_diameter", "wall": "head_tube_wall", "thickness": "head_tube_wall", "angle": "head_angle",
        },
        "seat tube, st, 座管, 立管": {
            "length": "seat_tube_length", "diameter": "seat_tube_diameter", "wall": "seat_tube_wall", "thickness": "seat_tube_wall", "angle": "seat_angle",
        },
        "top tube, tt, 上管": {"length": "effective_top_tube", "diameter": "top_tube_diameter", "wall": "top_tube_wall", "thickness": "top_tube_wall"},
        "down tube, dt, 下管": {"diameter": "down_tube_diameter", "wall": "down_tube_wall", "thickness": "down_tube_wall"},
        "chain stay, chain stays, chainstay, chainstays, 后下叉": {
            "length": "chain_stay_length", "diameter": "chain_stay_diameter", "wall": "chain_stay_wall", "thickness": "chain_stay_wall",
        },
        "seat stay, seat stays, seatstay, seatstays, 后上叉": {"diameter": "seat_stay_diameter", "wall": "seat_stay_wall", "thickness": "seat_stay_wall"},
        "shell, bb shell, bottom bracket shell, bb, bottom bracket, 五通, 五通壳, 中轴管": {
            "width": "shell_width", "diameter": "shell_diameter", "wall": "shell_wall", "height": "bottom_bracket_height", "drop": "bottom_bracket_drop",
        },
        "fork, forks, 前叉": {"length": "fork_length"},
        "saddle, 鞍座, 坐垫": {"height": "saddle_height"},
        "tyre, tyres, tire, tires, rubber, 轮胎, 车胎, 外胎": {"width": "tyre_clearance"},
        "rider, riders, woman, man, lady, girl, boy, person, somebody, someone, cyclist, she's, he's, 我, 她, 他, 女士, 男士, 骑手, 骑行者, 骑友, 车友": {"height": "rider_height"},
    },
    features={
        "down_tube_diameter": "down tube, dt, 下管",
        "top_tube_diameter": "top tube, 上管",
        "head_tube_diameter": "head tube, 头管",
        "seat_tube_diameter": "seat tube, 座管",
        "seat_stay_diameter": "seat stay, seat stays, seatstays, 后上叉",
        "chain_stay_diameter": "chain stay, chain stays, chainstays, 后下叉",
        "bottom_bracket_stiffness": "",
        "chain_stay_length": "rear end, rear triangle, 后三角",
        "stack": "front end, front, 车头",
        "tyre_clearance": "",
    },
    superlatives={
        (-1, "mass"): "as light as possible, 尽量轻, 越轻越好, 尽可能轻",
        (1, "bottom_bracket_stiffness"): """
            stiff at the bottom bracket, stiff bottom bracket, stiff around the bottom bracket,
            五通刚性好, 五通刚性高, 五通刚硬, 刚性越高越好
        """,
        (1, "safety_factor"): "as safe as possible, 越结实越好",
        (1, "tyre_clearance"): "as much tyre clearance as possible, big tyres, wide tyres, fat tyres, 宽胎",
        (1, "saddle_deflection"): "as comfortable as possible, 尽量舒适",
        (-1, "standover"): "low standover, easy to step over, 跨高低",
    },
    figures={
        "steel, chromoly, cromoly, cro mo, crmo, 4130, 4130 steel, 4130 chromoly, 钢, 钢制, 钢架, 铬钼钢, 铬钼": _made_of(STEEL, "steel"),
        _grades("reynolds 853, reynolds 725, reynolds 631, reynolds 531, reynolds, 853, 725, 631, 531, columbus, 25crmo4, stainless steel, stainless, 不锈钢, 雷诺", "steel, 钢"): _made_of(STEEL, "steel", "steel_4130"),
        "aluminium, aluminum, alloy, alu, 6061, 铝, 铝合金, 铝制, 铝架": _made_of(ALUMINIUM, "aluminium"),
        _grades("6061", "aluminium, aluminum, alloy, series, 铝, 铝合金"): _made_of(ALUMINIUM, "aluminium"),
        _grades("7005, 7020, 7075, 7046, 6066, 6069, 6082, scandium", "aluminium, aluminum, alloy, series, 铝, 铝合金"): _made_of(ALUMINIUM, "aluminium", "aluminium_6061"),
        "titanium, ti, grade 9, ti 3al 2.5v, 3al 2.5v, ti 3 2.5, 3 2.5 titanium, 钛, 钛管, 钛合金, 钛制, 钛架": _made_of(TITANIUM, "titanium"),
        "grade 5, ti 6al 4v, 6al 4v, 6al4v, ti6al4v": _made_of(TITANIUM, "titanium", "titanium_3al25v"),
    },
    bundles=(
        Bundle(
            "iso_4210", "ISO 4210 frame strength", "passes iso 4210, pass iso 4210, iso 4210, iso4210, 通过iso 4210, to iso 4210, meets iso 4210, 符合iso 4210",
            (Figure("safety_factor", 1.0, "1", "ISO 4210-6, 4.3 to 4.5, each force once, below yield"),),
            "ISO 4210-6:2023, 4.3 to 4.5", "Each force once, below yield; no cycles, no falling mass.",
        ),
    ),
    codes=(
        (r"\b([2-6]\d)s\b", lambda m: f"{m[1]} mm tyres"),
        (r"\b(1[0-5]\d)\s*[x×]\s*(?:9|10|12|15)\b", lambda m: f"rear axle spacing {m[1]} mm"),
        (r"\b700\s*[x×]\s*(\d\d)\s*c?(?![a-z\d])", lambda m: f"{m[1]} mm"),
        (r"\b(?:26|27\.5|29)\s*[x×]\s*(\d\.\d+)\b", lambda m: f"{m[1]} in"),
    ),
    measured_from={"horizontal": "head_angle, seat_angle"},
    mood_wishes={
        "light": (("minimise", "mass"),),
        "stiff": (("maximise", "bottom_bracket_stiffness"),),
        "sturdy": (("maximise", "safety_factor"),),
        "comfortable": (("maximise", "saddle_deflection"),),
    },
    stops="centre to top, center to top, c to t, c t, bsa, threaded, t6, t 6, throughout, tubeset, 整架, above the ground, frame only, clear, clears, fits, accept, accepts, 裸车架, 裸架, 塞下, 塞得下, 能塞下, above ground, off the ground, bicycle, bike, frame, frames, bicycles, bikes, frameset, cycle, geometry, 车架, 自行车, 单车, 几何",
)  # fmt: skip

OPTIONS = OptionWords(
    nouns={"PAINT": "(?:paint|finish|colou?r|lacquer)", "漆": "(?:漆|涂装|颜色|表面)"},
    pairs=(
        ("(?:gloss|glossy|blue|painted)", "{PAINT}", {"paint": "gloss"}),
        ("(?:raw|bare|brushed|polished|clear)", "{PAINT}", {"paint": "raw"}),
        ("(?:dark|black|matt black|stealth)", "{PAINT}", {"paint": "dark"}),
        ("(?:signal|red|bright red|bright)", "{PAINT}", {"paint": "signal"}),
        ("(?:green|dark green|racing green|british racing green|olive)", "{PAINT}", {"paint": "green"}),
        ("(?:ivory|cream|white|off-white)", "{PAINT}", {"paint": "ivory"}),
        ("(?:sky|sky blue|light blue|pale blue|celeste)", "{PAINT}", {"paint": "sky"}),
        ("(?:sand|beige|desert|tan)", "{PAINT}", {"paint": "sand"}),
    ),
    phrases=(
        ("unpainted|(?:raw|bare|brushed) metal", {"paint": "raw"}),
        ("(?:黑色|深色|哑光黑)的?{漆}", {"paint": "dark"}),
        ("(?:红色|亮红)的?{漆}", {"paint": "signal"}),
        ("(?:裸|拉丝|原色)的?(?:金属|{漆})", {"paint": "raw"}),
        ("(?:亮光|蓝色)的?{漆}", {"paint": "gloss"}),
        ("(?:绿色|深绿|墨绿)的?{漆}", {"paint": "green"}),
        ("(?:象牙白|米白|白色|奶油色)的?{漆}", {"paint": "ivory"}),
        ("(?:天蓝色?|浅蓝色?)的?{漆}", {"paint": "sky"}),
        ("(?:沙色|米色|卡其色)的?{漆}", {"paint": "sand"}),
    ),
)

LEXICON = Lexicon(
    attributes=ATTRIBUTES,
    tongues={"en": ENGLISH, "zh": CHINESE},
    moods=MOODS,
    size="seat_tube",
    told_apart_by={
        "slope": 1.5,
        "head_angle": 1.2,
        "stays": 1.0,
        "down_tube": 0.8,
        "stack": 0.8,
        "reach": 0.8,
    },
    quantities=QUANTITIES,
    options=OPTIONS,
)
