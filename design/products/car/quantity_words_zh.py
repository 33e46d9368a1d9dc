# ruff: noqa: E501 - a table reads best with one text a line
"""How people speak of a car's quantities in Chinese, in simplified characters; English in :mod:`.quantity_words`.

The quantities' Chinese names (:mod:`.names_zh`) need not be written here.
"""

from __future__ import annotations

from collections.abc import Mapping

SYNONYMS: Mapping[str, str] = {
    "overall_length": "从头到尾, 头到尾, 首尾长, 从头至尾, 首尾, 长度, 总长, 全长, 车身长度, 整车长度, 车辆长度, 车身总长, 车体长度, 整车长, 车身长, 外廓长",
    "overall_width": "宽度, 车宽不含后视镜, 不含后视镜, 车宽不含镜, 不含后视镜宽度, 总宽, 全宽, 车身宽度, 整车宽度, 车辆宽度, 车身总宽, 车体宽度, 整车宽, 车身宽, 外廓宽",
    "overall_height": "高度, 总高, 全高, 车身高度, 整车高度, 车辆高度, 车身总高, 车体高度, 整车高, 车身高, 车顶高度, 外廓高",
    "wheelbase": "轴间距, 前后轴距, 前后轴之间, 前后轴间距, 两轴之间, 轴距长度, 轴距尺寸",
    "front_overhang": "前悬长度, 前悬长, 车头悬长",
    "rear_overhang": "后悬长度, 后悬长, 车尾悬长",
    "ground_clearance": "车底离地, 车底离地高度, 底盘下面, 底盘下方, 车底下, 车底下面, 底盘离地距离, 离地高度, 离地高, 离地, 底盘离地, 底盘到地面, 底盘与地面之间, 最低地上高, 底盘离地间隙, 底盘离地高度, 离地距离, 底盘高度",
    "tyre_diameter": "轮胎外径, 车轮外径, 车轮直径",
    "tyre_width": "胎宽, 轮胎断面宽, 断面宽, 断面宽度, 胎面宽, 胎面宽度",
    "windscreen_angle": "前挡倾角, 前风窗倾角, 挡风玻璃倾角, 前挡风玻璃角度, 前风挡角度",
    "backlight_angle": "后窗角度, 后风挡倾角, 后风窗倾角, 后挡风倾角",
    "spoiler": "扰流板, 尾翼, 扰流板高度, 尾翼高度, 鸭尾",
    "deck_length": "尾箱盖长, 行李箱盖长度",
    "lamp_height": "大灯高度, 前大灯高度, 车灯高度",
    "belt_height": "腰线离地高度, 腰线高",
    "hood_height": "发动机盖高度, 引擎盖高度, 机盖高度",
    "track": "轮距, 前轮距, 前轮轮距",
    "track_rear": "后轮距, 后轮轮距",
    "frontal_area": "正投影面积, 正面投影面积, 迎风投影面积, 正面面积",
    "wetted_area": "外表面积, 车身表面积",
    "ramp_over_angle": "通过角, 离去通过角, 纵向通过角度",
    "approach_angle": "接近角度",
    "departure_angle": "离去角度",
    "cabin_volume": "座舱, 车厢, 座舱空间, 车内空间, 乘员舱容积, 驾乘空间, 车内容积, 座舱体积, 内部空间",
    "head_room_front": "前排头部空间, 前排头顶空间, 驾驶席头部空间, 前头部空间, 前排净空, 前座头部空间",
    "head_room_rear": "后排头部空间, 后排头顶空间, 后头部空间, 后排净空, 后座头部空间",
    "luggage_volume": """
        行李, 行李厢容积, 行李箱容积, 后备箱容积, 后备厢容积, 尾箱容积, 行李空间, 后备箱空间, 行李箱, 行李舱, 行李厢, 后备箱, 后备厢, 尾箱,
        储物空间, 装载空间, 载物空间, 后备箱容量, 行李箱容量, 行李箱空间, 行李厢容量
    """,
    "body_mass": "质量, 重量, 车重, 整备质量, 车身重量, 自重, 整车质量, 整车重量, 总质量, 车身自重",
    "cg_height": "质心高度, 质心, 重心",
    "static_stability_factor": "稳定系数, 静稳系数, 侧翻稳定性, ssf",
    "width_with_mirrors": "含后视镜总宽, 含后视镜车宽, 含镜总宽, 带后视镜总宽, 含后视镜全宽, 镜到镜, 含后视镜宽度, 带后视镜宽度, 含后视镜, 车宽含后视镜, 含镜宽, 含后视镜的宽度, 包含后视镜的宽度",
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "头顶, 头部空间, 头顶空间, 前后排头部空间, 前后头部空间, 前后排头顶空间": (
        "head_room_front",
        "head_room_rear",
    ),
    "悬长, 前后悬, 前后悬长": ("front_overhang", "rear_overhang"),
}
PLACES: Mapping[str, str] = {
    "front": "驾驶员, 驾驶席, 司机, 前排乘客, 前排, 前座, 前部, 前",
    "rear": "后排乘客, 后座乘客, 后排, 后座, 后部, 后",
    "both": "两端, 前后桥, 前后轴, 前后均为",
}
FEATURES: Mapping[str, str] = {
    "tyre_diameter": "车轮, 轮子, 轮毂, 轮圈",
    "overall_height": "车顶",
    "cowl_setback": "引擎盖, 发动机盖, 机盖, 机罩",
    "nose_height": "车头",
    "windscreen_angle": "前挡风玻璃, 前风挡, 挡风玻璃",
    "backlight_angle": "后窗, 后风挡",
    "rear_overhang": "车尾, 尾部",
    "shoulder_width": "肩部",
    "fender_flare": "轮拱, 轮眉",
    "belt_ratio": "车窗, 腰线",
    "lamp_height": "大灯, 车灯",
}
ODD_SIZES: Mapping[tuple[str, str], int] = {
    ("陡", "windscreen_angle"): -1,
    ("缓", "windscreen_angle"): 1,
    ("陡", "backlight_angle"): 1,
    ("缓", "backlight_angle"): -1,
}
INVERTED = "车窗"
SUPERLATIVES: Mapping[tuple[int, str], str] = {
    (-1, "overall_length"): "尽量紧凑, 尽可能紧凑, 越紧凑越好",
    (1, "cabin_volume"): "尽量宽敞, 尽可能宽敞",
}
STOPS = "车, 车内, 车子, 车身, 车辆, 整车, 汽车, 轿车类, 小汽车, 车型, 乘用车"
