# ruff: noqa: E501 - a table reads best with one text a line
"""Chinese names of the car's parameters, measures, choices, groups and body types."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    # groups
    "proportions": "比例", "wheels": "车轮", "front": "前部", "greenhouse": "座舱", "rear": "尾部",
    "underbody": "底部", "details": "细节", "body": "车身",
    # body types and the family
    "city_car": "微型车", "hatchback": "两厢车", "notchback": "三厢车", "fastback": "溜背车", "estate": "旅行车",
    "suv": "SUV", "large_suv": "大型 SUV", "large_saloon": "大型轿车", "coupe": "双门轿跑",
    "one_box": "单厢车", "car": "汽车",
    # parameters
    "wheelbase": "轴距", "front_overhang": "前悬", "rear_overhang": "后悬", "overall_width": "车宽",
    "overall_height": "车高", "ground_clearance": "离地间隙", "tyre_diameter": "轮胎直径", "tyre_width": "轮胎宽度",
    "wheel_inset": "车轮内缩", "wheel_arch_gap": "轮拱间隙", "fender_flare": "轮拱外扩", "nose_height": "车头高度",
    "nose_roundness": "车头圆度", "nose_sweep": "车头后掠", "hood_crown": "机罩拱高", "cowl_setback": "前围后移",
    "cowl_rise": "前围高度", "belt_ratio": "腰线高度比", "belt_slope": "腰线斜度", "windscreen_angle": "前风挡倾角",
    "roof_peak": "车顶最高点", "roof_camber": "车顶横拱", "roof_end_drop": "车顶尾降", "tumblehome": "侧窗内倾",
    "shoulder_width": "肩宽", "side_crown": "侧面鼓度", "backlight_angle": "后窗倾角", "deck_length": "尾箱盖长度",
    "deck_rise": "尾箱盖高度", "boat_tail_angle": "船尾角", "tail_roundness": "尾部圆度",
    "tail_rake": "尾面倾角", "spoiler": "扰流唇", "diffuser_angle": "扩散器角度", "side_sculpture": "侧面凹陷",
    "chin_rise": "前唇高度", "crease_sharpness": "棱线锐度", "lamp_height": "前灯高度",
    # choices and their options
    "front_lamps": "前灯", "rear_lamps": "尾灯", "grille": "格栅", "rim": "轮毂", "mirrors": "后视镜", "door_handles": "门把手",
    "roof": "车顶", "trim": "饰条", "doors": "车门", "slim": "纤细", "blade": "刀锋", "round": "圆形", "twin_round": "双圆形",
    "hook": "钩形", "stacked": "分体", "light_bar": "贯穿灯带", "wrap": "环绕", "vertical": "竖置", "closed": "封闭式",
    "slot": "细缝", "wide": "宽幅", "shield": "盾形", "split": "双格", "slats": "直瀑式", "twin_five": "双五辐",
    "five_spoke": "五辐", "six_spoke": "六辐", "ten_spoke": "十辐", "multi_spoke": "多辐", "turbine": "涡轮", "mesh": "网状",
    "aero_disc": "低风阻盘式", "classic": "经典", "square": "方形", "flush": "齐平", "bow": "拱形", "hidden": "隐藏式",
    "body_colour": "车身同色", "black": "黑色", "glass": "玻璃", "bright": "亮色", "four": "四门", "two": "两门",
    # measures
    "overall_length": "车长", "width_with_mirrors": "含后视镜车宽", "track": "前轮距", "track_rear": "后轮距", "belt_height": "腰线高度",
    "hood_height": "机罩高度", "frontal_area": "迎风面积", "wetted_area": "表面积", "hull_volume": "车身体积",
    "approach_angle": "接近角", "departure_angle": "离去角", "ramp_over_angle": "纵向通过角",
    "cabin_volume": "座舱容积", "head_room_front": "前排头部空间", "head_room_rear": "后排头部空间",
    "luggage_volume": "行李容积", "body_mass": "车身质量", "cg_height": "重心高度", "cg_from_front_axle": "重心至前轴",
    "beam_height_low": "近光灯下缘高度", "beam_height_high": "近光灯上缘高度", "view_over_hood": "发动机盖上方视野角",
    "static_stability_factor": "静态稳定系数", "proportion_distance": "比例偏离",
}  # fmt: skip
