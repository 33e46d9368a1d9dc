# ruff: noqa: E501 - tables of words read best with one text a line
"""How people speak of a chair's quantities in a brief, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from ...family.lexicon import Bundle, Figure, QuantityWords
from . import declaration as d
from .material_words import material_figures

SYNONYMS: Mapping[str, str] = {
    "forwards_stability": "forward stability, stability forwards, 向前稳定性",
    "sideways_stability": "sideward stability, lateral stability, stability sideways, 侧倾稳定性",
    "rearwards_stability": "rearward stability, stability rearwards, stability to the rear, backward stability, 向后稳定性",
    "seat_taper": "taper of the seat, seat tapers by, 座面收分",
    "stretcher_height": "height of the stretchers, height of the stretcher, 横撑高度",
    "leg_inset": "inset of the legs, legs inset, 椅腿内缩, 腿内收",
    "side_splay": "sideways splay, lateral splay, splay sideways, splay of the legs sideways, leg splay sideways, 侧倾, 侧向外倾, 侧向倾角, 椅腿侧倾, 腿侧倾, 侧撇",
    "rear_splay": "rear leg splay, splay of the rear legs, rear legs splay, back leg splay, rear leg angle, rake of the rear legs, 后腿外倾, 后腿外撇, 后腿倾角, 后腿倾斜",
    "front_splay": "front leg splay, splay of the front legs, front legs splay, front leg angle, rake of the front legs, 前腿外倾, 前腿外撇, 前腿倾角, 前腿倾斜",
    "back_curve": "curve of the back, hollow of the back, backrest curve, back hollow, bow of the back, curvature of the back, 靠背弯曲, 靠背凹深, 靠背曲度, 靠背凹, 靠背内凹",
    "seat_dish": "dish of the seat, hollow of the seat, seat hollow, dishing, dishing of the seat, seat scoop, 座面下凹, 座面凹陷, 座面凹, 座面弧度, 座面下凹深度",
    "seat_height": """
        sit height, floor to seat, height from floor to seat, 坐面高度, 坐面高, 座位高度, 座面距地, 坐面离地,
        seat, sh, sitting height, top of the seat, seat top, one should sit, one sits, people sit, you sit, seats people at, sits people at,
        座面上沿, 座面上沿离地, 座面顶面, height of the seat, seat level, 座高, 座面高度, 座面离地,
        座面离地高度, 坐高,
        座面高
    """,
    "seat_width": "width across the seat, seat breadth, 坐宽, 坐面宽度, 坐面宽, 座位宽度, width of the seat, 座宽, 座面宽, 座面宽度",
    "seat_depth": "seat length, 坐深, 坐面深度, 坐面深, 座位深度, depth of the seat, 座深, 座面深, 座面深度",
    "seat_angle": "seat inclination, seat pitch, 坐面倾角, 座面角度, 座面后倾, seat tilt, seat slope, 座面倾角",
    "seat_thickness": "seat board thickness, seat panel thickness, 座厚, 座面板厚, 座板厚, 板厚, thickness of the seat, 座板厚度, 座面厚度",
    "back_height": """
        back rest height, 背高, 靠背上沿,
        height of the back, backrest height, back rises, back must rise, back should rise, 靠背高度,
        靠背高
    """,
    "back_width": "back rest width, 靠背宽, 背宽, width of the back, backrest width, 靠背宽度",
    "back_angle": """
        angle of the back, back tilt, backrest tilt, back rake, back inclination, 靠背后倾, 靠背倾斜, 背倾角, 背倾,
        back lean, backrest angle, lean back, leans back, lean back by, leans back by, lean of the back,
        靠背倾角, 靠背角度, 靠背后仰, 后仰角, 后仰
    """,
    "arm_height": "between the seat and the armrests, between the seat and the arms, between seat and arms, between seat and armrests, 扶手高出座面, 扶手高出坐面, 扶手距座面, armrest height, arm rest height, height of the arms, height of the armrests, 扶手高度",
    "leg_size": "tube od, od of the tube, pipe diameter, 椅腿直径, 腿直径, 管子直径, 管外径, 椅腿粗细, leg section size, leg diameter, leg thickness, tube diameter, tube, 腿径, 腿的直径, 腿粗, 管径",
    "wall": "gauge, tube gauge, thickness of the tube, 管子壁厚, wall thickness, tube wall, 壁厚, 管壁, 管壁厚度",
    "bend_radius": "radius of bends, bending radius, radius of the bends, 弯曲半径, 弯管半径",
    "back_members": "slats in the back, back slats, spindles in the back, 横条, 竖条, 纺锤, 靠背条, 木条, slats, slat, spindles, spindle, rungs of the back, 背条, 横档, 纺锤杆",
    "overall_width": "chair width, 椅宽, 全宽, 外宽, width, total width, 总宽, 宽度",
    "overall_depth": "chair depth, 椅深, 全深, 进深, depth, total depth, length, 总深, 深度",
    "overall_height": "chair height, 椅高, height, total height, 总高, 高度, 全高",
    "mass": "tips the scales at, tip the scales at, chair weight, net weight, own weight, 自重, 净重, 单重, 椅子重量, 整椅重量, 椅重, weight, wt, wght, wgt, weigh, weighs, weighing, 重量, 质量, 重",
    "footprint": "floor area, floor space, area on the floor, of floor, of the floor, 占地面积, 占地",
    "usable_depth": "depth in use, 有效深度, usable seat depth, usable depth of the seat, 可用座深, effective seat depth, depth to the back, 有效座深",
    "knee_clearance": "knee gap, gap behind the knee, clearance behind the knee, clearance behind the knees, popliteal clearance, 膝窝间隙, 膝后间隙, 膝部间隙, 膝后空隙",
    "recline": "between seat and back, between the seat and the back, back to seat angle, seat back angle, 靠背与座面夹角, 座背角, seat to back angle, angle between seat and back, 座背夹角",
    "part_count": "number of pieces, component count, 件数, 零件总数, parts, number of parts, pieces, 零件数, 零件数量, 零件, 部件, 部件数",
    "material_cost": """
        materials cost, bill of materials, bom cost, bom, 物料成本, 用料成本, 材料费, 材料费用, 造价,
        cost of material, material price, budget for material, material budget, 材料预算, cost, price,
        材料成本, 成本
    """,
    "stack_pitch": "stacks at, stack at, stacking at, added height per chair, height per extra chair, 叠放增量, 叠高, 每把叠高, 堆叠高度增量, 叠高间距, pitch, pitch per chair, per chair when stacked, each chair in the stack, 每把间距, 堆叠间隔, 每把增高, 叠放增高, 每增加一把, stacking pitch, pitch of the stack, stacking height, stacking distance, stack height, "
    "nesting, nesting pitch, nesting height, "
                   "叠放间距, 堆叠间距, 叠放高度",
    "stability": "tipping factor, stability factor, tip resistance, 稳定系数, 防倾倒系数, 防倾倒, stability against tipping, tipping safety, 稳定性, 抗倾覆",
    "safety_factor": "factor, 系数, contract strength, 商用强度",
    "domestic_safety_factor": "domestic strength, strength for the home, 家用强度",
    "severe_safety_factor": "severe strength, 重载强度",
    "feet_on_floor": "people whose feet reach the floor, 双脚着地比例",
    "backs_supported": "people who reach the back, 靠背可及比例",
}  # fmt: skip

_STABLE = Figure("stability", 1.0, "1", "EN 1022: no tipping with 600 N on the seat and 20 N outward")
_GENERAL = Figure("safety_factor", 1.0, "1", "EN 16139 level 1, static tests of EN 1728")
_SEVERE = Figure("severe_safety_factor", 1.0, "1", "EN 16139 level 2, static tests of EN 1728")
_DOMESTIC = Figure("domestic_safety_factor", 1.0, "1", "EN 12520, static tests of EN 1728")


def _just(quantity: str, number: int, source: str) -> tuple[Figure, ...]:
    """A kind, by its whole number."""
    return (Figure(quantity, float(number), "1", source, float(number)),)


FIGURES: Mapping[str, tuple[Figure, ...]] = {
    """
        stackable, stacking, that stacks, stacks, can be stacked, stacking chair, stackable chair, stacker,
        stacking
        side chair, 可叠放, 可堆叠, 能叠放, 可叠, 叠放椅, 可叠放椅, 可叠放椅子, 堆叠椅, 叠椅, 可堆叠椅子
    """: (
        Figure("stack_pitch", None, "mm", "a stack of ten chairs stays below two metres", 120.0),
    ),
    "at the bar, for a bar, for a bar counter, at a bar counter, 吧台用, 吧台高度": (
        Figure("seat_height", 720.0, "mm", "bar counters of 1050 mm less 300 mm for the thighs", 790.0),
    ),
    "for a kitchen counter, at the counter, at a kitchen counter, 料理台用": (
        Figure("seat_height", 600.0, "mm", "counters of 900 mm less 300 mm for the thighs", 670.0),
    ),
    "at a table, for a table, at table height, 餐桌用": (
        Figure("seat_height", 430.0, "mm", "tables of 740 mm less 300 mm for the thighs", 480.0),
    ),
    "wooden, timber, wood, of wood, in wood, solid wood, solid timber, of solid wood, in solid wood, "
    "wooden legs, timber legs, wood legs, wooden base, 木制, 木质, 实木, 木头, 木": _just(
        "frame_material", d.TIMBER, "timber frame"),
    "aluminium, aluminum, aluminium tube, aluminium frame, aluminum frame, aluminium legs, aluminum legs, "
    "aluminium base, 铝, 铝制, 铝合金, 铝管": _just(
        "frame_material", d.ALUMINIUM, "aluminium tube"),
    "steel, tubular steel, steel tube, steel frame, steel legs, steel base, metal, metal legs, 钢, 钢管, 钢制, 钢架, 金属": _just(
        "frame_material", d.STEEL, "steel tube"),
    "plastic seat, polypropylene seat, plastic shell, 塑料座面, 聚丙烯座面": _just(
        "seat_material", d.PLASTIC, "glass-filled polypropylene"),
    "弯曲木": _just("seat_material", d.PLYWOOD, "birch plywood"),
    "solid wood seat, solid seat, wooden seat, 实木座面, 木座面, 实木座板, 木座板, 座板实木, 座面实木, 座面为实木, 座板为实木": _just("seat_material", d.SOLID,
    "solid beech"),
    "four legs, four legged, on four legs, 四腿, 四条腿, 四脚": _just("base", d.LEGS, "four legs"),
    "sled base, sled legs, skid base, on runners, 雪橇脚, 雪橇底座": _just("base", d.SLED, "sled base"),
    "cantilever base, cantilever frame, cantilevered frame, 悬臂底座, 悬臂架": _just(
        "base", d.CANTILEVER, "cantilever"),
    "armless, without arms, no arms, without armrests, no armrests, 无扶手, 不带扶手, 没有扶手": _just(
        "arms", 0, "no arm rests"),
    "armchair, arm chair, 扶手椅, with arms, with armrests, with arm rests, 带扶手, 有扶手": _just(
        "arms", 1, "arm rests"),
    "backless, without a back, no back, 无靠背, 没有靠背, 不带靠背, 不要靠背": _just("back_kind", d.NO_BACK, "no back"),
    "slatted back, slat back, with a slatted back, 横档靠背, 板条靠背": _just("back_kind", d.SLATS, "slats"),
    "spindle back, spindled back, with a spindle back, 纺锤靠背, 直棂靠背": _just(
        "back_kind", d.SPINDLES, "spindles"),
    "panel back, solid back, with a panel back, 板式靠背": _just("back_kind", d.PANEL, "panel"),
    "hoop back, with a hoop back, 环形靠背": _just("back_kind", d.HOOP, "hoop"),
    "round legs, turned legs, round leg, round tube, 圆腿, 圆管": _just("leg_section", d.ROUND, "round legs"),
    "square legs, square leg, square tube, square section, 方腿, 方管": _just(
        "leg_section", d.SQUARE, "square legs"),
    "round steel tube, round steel legs, 圆钢管": (
        *_just("leg_section", d.ROUND, "round legs"), *_just("frame_material", d.STEEL, "steel tube")),
    "square steel tube, square steel legs, 方钢管": (
        *_just("leg_section", d.SQUARE, "square legs"), *_just("frame_material", d.STEEL, "steel tube")),
    "round aluminium tube, 圆铝管": (
        *_just("leg_section", d.ROUND, "round legs"), *_just("frame_material", d.ALUMINIUM, "aluminium tube")),
    "box stretchers, stretchers all round, foot rail, footrest, with a footrest, 管脚枨, 四面横枨, "
    "脚踏": _just(
        "stretchers", d.BOX, "stretchers all round"),
    "h stretcher, h stretchers, 工字枨": _just("stretchers", d.H_FORM, "an H of stretchers"),
    "without stretchers, no stretchers, 无横枨, 没有横枨": _just("stretchers", d.NO_STRETCHERS, "no stretchers"),
    **material_figures(),
}  # fmt: skip

BUNDLES = (
    Bundle(
        "en_16139_1", "EN 16139 level 1, general contract use",
        """
        holds 1600 n, hold 1600 n, holding 1600 n, carries 1600 n, withstands 1600 n,
        承受1600牛, 承载1600牛, 承受1600n,
        contract strength test, contract strength tests, contract test, contract tests, contract use,
        contract grade,
        contract quality, en 16139, en16139, en 16139 level 1, en 16139 l1, en16139 level 1, level 1,
        commercial use,
        商用强度测试, 商用强度, 合同级强度, 商用级, 公共场所使用, 商用
    """,
        (_GENERAL, _STABLE), "EN 16139:2013, static tests of EN 1728", "No fatigue, impact or drop tests.",
    ),
    Bundle(
        "en_16139_2", "EN 16139 level 2, severe contract use",
        """
        holds 2000 n, hold 2000 n, holding 2000 n, carries 2000 n, withstands 2000 n,
        承受2000牛, 承载2000牛, 承受2000n,
        en 16139 level 2, level 2 of en 16139, level 2 to en 16139, en16139 level 2, en 16139 l2, level 2, severe use, severe contract use,
        heavy contract use, 重载使用, 重载级, 高强度使用
    """,
        (_SEVERE, _STABLE), "EN 16139:2013, static tests of EN 1728", "No fatigue, impact or drop tests.",
    ),
    Bundle(
        "en_12520", "EN 12520, domestic use",
        """
        holds 1300 n, hold 1300 n, holding 1300 n, carries 1300 n, withstands 1300 n,
        承受1300牛, 承载1300牛, 承受1300n,
        en 12520, en12520, domestic strength test, domestic test, domestic use, for the home, for home use,
        for domestic
        use, household use, 家用强度测试, 家用, 家庭使用
    """,
        (_DOMESTIC, _STABLE), "EN 12520:2015, static tests of EN 1728", "No fatigue, impact or drop tests.",
    ),
    Bundle(
        "en_1022", "EN 1022, stability",
        "en 1022, en1022, stability test, stable, tip resistant, does not tip, 不易倾倒, 稳定, "
    "不翻倒",
        (_STABLE,), "EN 1022:2018", "The static overturning tests forwards, sideways and rearwards only.",
    ),
)  # fmt: skip

QUANTITIES = QuantityWords(
    synonyms=SYNONYMS,
    spellings={"aluminium": "aluminum", "colour": "color", "moulded": "molded"},
    better={
        "low": "mass, material_cost, stack_pitch, footprint, part_count",
        "high": "stability, safety_factor, feet_on_floor, backs_supported",
    },
    parts={
        "per chair, per chair in the stack, per stacked chair": {"growth": "stack_pitch", "pitch": "stack_pitch"},
        "stack, stacks, stacked, in the stack, on the stack, each chair, every chair, each extra chair, each further chair, every further chair, every extra chair, one more chair, 叠放, 堆叠, 叠起来, 摞起来, 每把, 每叠一把, 叠放一把, 每增加一把, 每加一把": {"growth": "stack_pitch"},
        "arm rest, arm rests, armrest, armrests, arm, arms, 扶手": {"height": "arm_height"},
        "leg, legs, leg tube, leg tubes, chair legs, 腿, 椅腿, 腿管": {
            "diameter": "leg_size", "thickness": "leg_size", "wall": "wall", "angle": "side_splay",
        },
        "tube, tubes, tubing, frame tube, 管材, 管子, steel tube, tubular steel, aluminium tube, round tube, 钢管, 铝管, 圆钢管, 方钢管, 圆管, 方管": {
            "diameter": "leg_size", "thickness": "leg_size", "wall": "wall",
        },
        "bend, bends, bending, bent, 弯": {"radius": "bend_radius"},
        "front leg, front legs, 前腿, 前脚": {"angle": "front_splay"},
        "rear leg, rear legs, back leg, back legs, hind legs, 后腿, 后脚": {"angle": "rear_splay"},
        "backrest, back rest, back, chair back, 靠背, 椅背, 背靠": {
            "height": "back_height", "width": "back_width", "angle": "back_angle", "hollow": "back_curve",
        },
        "seat, seat panel, seat board, seat surface, seat pan, sitting surface, 座面, 座板, 坐板, 坐面, 椅面, 坐垫": {
            "height": "seat_height", "width": "seat_width", "depth": "seat_depth", "angle": "seat_angle",
            "thickness": "seat_thickness", "hollow": "seat_dish",
        },
    },
    places={
        "front": "at the front, in front, to the front, towards the front, forward, 向前方", "rear": "at the rear, behind, to the rear, towards the rear, to the back, backward",
        "side": "at the sides, to the sides, to the side, to each side",
        "sideways": "sideways, 侧向, 侧向倾翻, 向侧面", "forwards": "forwards, 向前, 向前倾翻", "rearwards": "rearwards, backwards, 向后, 向后倾翻",
        "domestic": "domestic, for the home, at home, 家用", "severe": "severe, 重载",
    },
    axes={"long": ("overall_depth",), "deep": ("overall_depth",), "wide": ("overall_width",),
    "tall": ("overall_height",), "heavy": ("mass",)},
    alternates={("arms", "length"): "arm_height"},
    bare={
        "mass": ("mass",), "length": ("seat_height", "overall_height", "overall_width"), "area": ("footprint",),
        "dimensionless": ("material_cost",),  # euro
    },
    reach={
        "mass": (1.5, 16.0), "overall_width": (380.0, 800.0), "overall_depth": (380.0, 900.0),
        "overall_height": (340.0, 1260.0), "footprint": (0.15, 0.7), "stack_pitch": (20.0, 1100.0),
        "material_cost": (3.0, 80.0), "part_count": (3.0, 45.0), "stability": (0.5, 12.0),
        "recline": (88.0, 130.0), "usable_depth": (280.0, 500.0), "knee_clearance": (-12.5, 207.5), "safety_factor": (0.05, 15.0), "domestic_safety_factor": (0.05, 20.0),
        "severe_safety_factor": (0.05, 12.0),
        "peak_stress": (2.0, 3000.0), "max_deflection": (1.0, 1000.0),
    },
    features={
        "leg_size": "legs, leg, 腿, 椅腿", "seat_width": "seat width, 座面",
        "back_height": "back, backrest, 靠背, 椅背",
        "seat_thickness": "seat panel, seat board, 座板", "side_splay": "splay, 外撇",
    },
    sizes={1: "thick, stout, chunky, 粗, 厚", -1: "thin, slim, slender, 细, 薄"},
    superlatives={
        (-1, "mass"): "as light as possible, as lightweight as possible, lightest possible, 尽可能轻, "
        "尽量轻, 越轻越好",
        (-1, "material_cost"): "as cheap as possible, as inexpensive as possible, 尽可能便宜, 尽量便宜",
        (-1, "stack_pitch"): "stacks as tightly as possible, as stackable as possible, 叠放尽可能紧密",
        (1, "stability"): "as stable as possible, 尽可能稳, 尽量稳",
        (-1, "footprint"): "as compact as possible, 尽可能紧凑, 尽量紧凑",
    },
    figures=FIGURES,
    bundles=BUNDLES,
    counted="back_members, part_count",
    implied={
        "arm_height": _just("arms", 1, "arm rests"),
        "stretcher_height": (Figure("stretchers", 1.0, "1", "stretchers"),),
    },
    measured_from={"vertical": "back_angle, front_splay, rear_splay, side_splay", "horizontal": "seat_angle"},
    mood_wishes={"light": (("minimise", "mass"),), "sturdy": (("maximise", "safety_factor"),)},
    stops="""
        at the top, chair, chairs, per chair, per chair in the stack, per stacked chair, each chair, every chair, the material, of material, of materials, for materials, in materials, in material, off the floor, above the floor, seating, for a cafe, for a café, for cafes, cafe,
        café, for a restaurant,
        restaurant, office, above the seat, above seat, over the seat, over seat, horizontal, vertical,
        for an office, school, for a school, passes, pass, passing, withstands, meets, for the dining room,
        材料, 椅子, 高出座面, 距座面, 离座面, 座面以上, 咖啡馆, 餐厅, 通过, 满足, 用于, 办公室
    """,
)  # fmt: skip
