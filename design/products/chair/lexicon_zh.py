"""The Chinese words of chairs, and the names that pages show."""

from __future__ import annotations

from collections.abc import Mapping

from ...family.lexicon import Tongue

BODIES: Mapping[str, str] = {
    "stacking": "叠放椅, 可叠放椅, 堆叠椅, 叠椅, 可叠放椅子 | 可堆叠椅子, 会议叠椅, 宴会叠椅",
    "school": "课椅, 学生椅, 教室椅 | 学校椅子, 食堂椅",
    "dining": "餐椅, 木餐椅, 横档背椅 | 餐厅椅, 厨房椅",
    "ladder_back": "梯背椅, 夏克椅, 震颤派椅 | 高背梯椅, 草编座椅",
    "windsor": "温莎椅, 弓背椅, 纺锤背椅 | 温莎, 梳背椅",
    "bentwood": "曲木椅, 曲木咖啡椅, 索耐特椅, 维也纳咖啡椅 | 弯木椅, 托内特椅",
    "cantilever": "悬臂椅, 钢管悬臂椅, 弓形椅 | 悬挑椅, 包豪斯椅",
    "sled": "雪橇椅, 雪橇脚椅, 滑橇椅 | 弓架椅, 访客椅",
    "shell": "壳体椅, 一体壳椅, 模压椅, 塑料壳椅 | 一体成型椅, 塑料椅",
    "armchair": "扶手椅, 木扶手椅, 圈背扶手椅 | 带扶手餐椅, 导演椅",
    "wire_back": "铁线椅, 线背椅, 花园椅 | 庭院椅, 露台扶手椅",
    "bistro": "小酒馆椅, 铝咖啡椅, 露天咖啡椅 | 海军椅, 咖啡馆扶手椅",
    "bar_stool": "吧凳, 吧台凳, 高脚凳, 吧台椅 | 酒吧凳",
    "stool": "凳子, 矮凳, 圆凳, 木凳 | 小凳, 板凳",
}
MOODS: Mapping[str, str] = {
    "light": "轻巧, 轻盈, 轻便, 通透 | 更轻, 轻质, 便携",
    "sturdy": "结实, 坚固, 稳重, 耐用 | 牢固, 厚实, 更结实",
    "elegant": "优雅, 纤细, 秀气, 精致 | 高雅, 修长",
    "comfortable": "舒适, 舒服, 符合人体工学 | 更舒适, 好坐",
    "cosy": "温馨, 惬意 | 居家, 温暖",
    "formal": "正式, 庄重, 端庄 | 严肃",
    "playful": "活泼, 俏皮, 欢快 | 有趣",
    "soft": "柔和, 圆润, 亲切, 有机 | 更圆, 柔软",
    "crisp": "利落, 几何, 极简, 干净 | 简约, 硬朗, 棱角分明",
    "compact": "紧凑, 小巧, 省空间, 小型 | 更小, 迷你",
    "generous": "宽大, 宽敞, 大气, 宽松 | 更宽大, 大型",
    "rustic": "乡村, 质朴, 田园 | 古朴, 传统",
    "upright": "挺直, 端坐 | 笔直",
    "relaxed": "放松, 慵懒, 后仰 | 休闲",
    "splayed": "外撇, 张开 | 八字",
}
ATTRIBUTES: Mapping[str, tuple[str, str, str]] = {
    "seat": ("低座, 座面低", "座高适中", "高座, 座面高"),
    "width": ("窄座面, 座面窄", "座宽适中", "宽座面, 座面宽"),
    "depth": ("浅座面, 座面浅", "座深适中", "深座面, 座面深"),
    "thickness": ("薄座板, 座板薄", "座板厚度适中", "厚座板, 座板厚"),
    "outline": ("方座面, 方形座面", "圆角座面", "圆座面, 圆形座面"),
    "dish": ("平座面, 座面平", "座面微凹", "凹座面, 座面内凹"),
    "back": ("低靠背, 靠背低", "靠背高度适中", "高靠背, 靠背高"),
    "back_width": ("窄靠背, 靠背窄", "靠背宽度适中", "宽靠背, 靠背宽"),
    "lean": ("直靠背, 靠背直", "靠背微倾", "斜靠背, 靠背后倾"),
    "back_curve": ("平靠背, 靠背平", "靠背微弯", "弯靠背, 弧形靠背"),
    "back_corners": ("方头靠背", "圆角靠背", "拱形靠背, 圆顶靠背"),
    "base": ("四腿, 四条腿", "雪橇脚, 雪橇底座", "悬臂底座, 悬臂架"),
    "frame": ("木框架, 实木架", "铝框架, 铝合金架", "钢管框架, 钢架"),
    "seat_stuff": ("塑料座面", "胶合板座面, 弯曲木座面", "实木座面"),
    "legs": ("细腿, 椅腿细", "椅腿粗细适中", "粗腿, 椅腿粗"),
    "section": ("圆腿", "", "方腿"),
    "taper": ("锥形腿, 收分腿", "略收分的腿", "等粗腿"),
    "splay": ("竖直腿, 椅腿竖直", "椅腿略外撇", "外撇腿, 椅腿外撇"),
    "rake": ("后腿竖直", "后腿略斜", "后腿后斜"),
    "stretchers": ("无横枨, 没有横枨", "侧枨, 工字枨", "四面横枨, 管脚枨"),
    "arms": ("无扶手, 不带扶手, 没有扶手", "", "带扶手, 有扶手"),
}
_BIG, _SMALL = "大, 宽, 宽大", "小, 窄"
PARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "座面, 座, 椅面, 座板": {"seat": ("低, 矮", "高"), "width": (_SMALL, _BIG), "depth": ("浅", "深"),
                             "thickness": ("薄", "厚"), "outline": ("方, 方形", "圆, 圆形"),
                             "dish": ("平", "凹, 内凹")},
    "靠背, 椅背, 背": {"back": ("低, 矮", "高"), "back_width": ("窄", "宽"), "lean": ("直, 挺直", "斜, 后倾"),
                       "back_curve": ("平", "弯, 弧形")},
    "椅腿, 腿, 凳腿": {"legs": ("细", "粗"), "splay": ("竖直", "外撇"), "taper": ("锥形", "等粗"),
                       "section": ("圆", "方")},
    "椅子": {"seat": ("矮, 低", "高"), "width": ("窄", "宽")},
}  # fmt: skip

NAMES: Mapping[str, str] = {
    "chair": "椅子", "seat": "座面", "back": "靠背", "frame": "框架", "stretchers": "横枨", "arms": "扶手",
    "looks": "外观", "seat_height": "座高", "seat_width": "座宽", "seat_depth": "座深", "seat_angle": "座面倾角",
    "seat_dish": "座面凹深", "seat_thickness": "座板厚度", "seat_roundness": "座面圆角", "seat_taper": "座面收窄",
    "seat_material": "座面材料", "back_kind": "靠背形式", "back_height": "靠背高度", "back_width": "靠背宽度",
    "back_angle": "靠背倾角", "back_curve": "靠背弧度", "back_roundness": "靠背圆角", "back_opening": "靠背空档",
    "back_members": "背条数量", "base": "底架形式", "frame_material": "框架材料", "leg_size": "腿粗",
    "leg_section": "腿截面", "leg_taper": "腿收分", "wall": "管壁厚", "leg_inset": "腿内缩", "front_splay": "前腿前倾",
    "rear_splay": "后腿后倾", "side_splay": "侧向外撇", "bend_radius": "弯曲半径", "stretcher_height": "横枨高度",
    "arm_height": "扶手高度", "frame_colour": "框架颜色", "seat_colour": "座面颜色", "natural": "本色",
    "black": "黑色", "white": "白色", "chrome": "镀铬", "grey": "灰色", "red": "红色", "green": "绿色", "blue": "蓝色",
    "yellow": "黄色", "walnut": "胡桃木色", "cane": "藤编", "overall_width": "总宽", "overall_depth": "总深",
    "overall_height": "总高", "footprint": "占地面积", "usable_depth": "有效座深", "recline": "座背夹角", "mass": "质量",
    "part_count": "零件数", "material_cost": "材料成本", "stack_pitch": "叠放间距", "stability": "稳定性",
    "forwards_stability": "前倾稳定性", "sideways_stability": "侧向稳定性", "rearwards_stability": "后倾稳定性",
    "safety_factor": "安全系数", "peak_stress": "最大应力", "max_deflection": "最大变形",
    "domestic_safety_factor": "家用安全系数", "severe_safety_factor": "重载安全系数",
    "feet_on_floor": "双脚着地比例", "backs_supported": "靠背可及比例",
    "stacking": "叠放椅", "school": "课椅", "dining": "餐椅", "ladder_back": "梯背椅", "windsor": "温莎椅",
    "bentwood": "曲木椅", "cantilever": "悬臂椅", "sled": "雪橇椅", "shell": "壳体椅", "armchair": "扶手椅",
    "wire_back": "线背椅", "bistro": "小酒馆椅", "bar_stool": "吧凳", "stool": "凳子",
    "width": "座宽", "depth": "座深", "thickness": "座板厚度", "outline": "座面轮廓", "dish": "座面凹深",
    "lean": "靠背倾斜", "back_corners": "靠背顶形", "seat_stuff": "座面材料", "legs": "腿粗", "section": "腿截面",
    "taper": "腿收分", "splay": "腿外撇", "rake": "后腿后斜",
}  # fmt: skip

CHINESE = Tongue(
    noun="椅子",
    article="一把",
    bodies=BODIES,
    generic_bodies="凳子, 扶手椅",
    moods=MOODS,
    attributes=ATTRIBUTES,
    parts=PARTS,
    whole="椅子",
    present={"扶手": "arms:high", "横枨": "stretchers:high"},
    absent={"扶手": "arms:low", "横枨": "stretchers:low"},
    stops="椅子, 椅, 座椅, 家具, 一把, 用的",
    names=NAMES,
)
