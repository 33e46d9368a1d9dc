# ruff: noqa: E501 - a table reads best with one phrase a line
"""Words for the options of named choices, in English and Chinese: phrases to options, for whichever family
declares those choices.

They stand apart from the vocabulary that the sketches' text encoder was trained with
(:mod:`...design.language.attributes`), whose hash a trained model holds; :mod:`.choosing` takes these phrases out
of a text before anything else reads it.

A phrase is a regular expression in which ``{NOUN}`` is one of `NOUNS`, a blank is any run of blanks and
hyphens, and " ?" such a run or nothing. `PAIRS` of an adjective and a noun are read in the other order too
("the grille is closed").
"""

from __future__ import annotations

#: nouns of the patterns below; longer alternatives first
NOUNS: dict[str, str] = {
    "FRONT": r"(?:(?:front|head) ?(?:lamps?|lights?)|headlamps?|headlights?)",
    "REAR": r"(?:(?:rear|tail|back) ?(?:lamps?|lights?)|taillamps?|taillights?)",
    "LAMPS": r"(?:lamps?|lights?)",
    "GRILLE": r"(?:radiator |front )?(?:grilles?|grills?)",
    "RIM": r"(?:alloy )?(?:wheels?|rims?|alloys?)",
    "MIRRORS": r"(?:(?:door|side|wing) )?mirrors?",
    "HANDLES": r"(?:door ?)?handles?",
    "TRIM": r"(?:(?:window|side) )?(?:trim|trims|strips?|mouldings?|moldings?|surrounds?)",
    "前灯": "(?:前大灯|前照灯|前车灯|大灯|前灯|头灯)",
    "尾灯": "(?:尾灯|后灯|后尾灯)",
    "格栅": "(?:进气格栅|前格栅|格栅|中网|进气口)",
    "轮毂": "(?:轮毂|轮圈|轮辋|车轮|轮子)",
    "后视镜": "(?:外后视镜|后视镜|侧视镜)",
    "把手": "(?:车门把手|门把手|拉手|把手)",
    "饰条": "(?:车窗饰条|窗框饰条|饰条|饰件|窗框|亮条)",
}

Options = dict[str, str]
BOTH_BARS: Options = {"front_lamps": "light_bar", "rear_lamps": "light_bar"}
BOTH_ROUND: Options = {"front_lamps": "round", "rear_lamps": "round"}

#: (adjective, noun): read in both orders; and what it chooses
PAIRS: tuple[tuple[str, str, Options], ...] = (
    ("(?:slim|narrow|thin|slender)", "{FRONT}", {"front_lamps": "slim"}),
    ("(?:blade|blade like|blade shaped)", "{FRONT}", {"front_lamps": "blade"}),
    ("(?:twin round|double round|four round|quad round|dual round)", "{FRONT}", {"front_lamps": "twin_round"}),
    ("(?:round|circular)", "{FRONT}", {"front_lamps": "round"}),
    ("(?:hook|hooked|hook shaped|l shaped)", "{FRONT}", {"front_lamps": "hook"}),
    ("(?:stacked|vertical|split|two storey)", "{FRONT}", {"front_lamps": "stacked"}),
    ("(?:full width|connected|continuous)", "{FRONT}", {"front_lamps": "light_bar"}),
    ("(?:wrap ?around|wrapping)", "{REAR}", {"rear_lamps": "wrap"}),
    ("(?:full width|connected|continuous|coast to coast)", "{REAR}", {"rear_lamps": "light_bar"}),
    ("(?:round|circular|twin round|double round)", "{REAR}", {"rear_lamps": "round"}),
    ("(?:vertical|upright|stacked|column)", "{REAR}", {"rear_lamps": "vertical"}),
    ("(?:hook|hooked|hook shaped|c shaped)", "{REAR}", {"rear_lamps": "hook"}),
    ("(?:round|circular)", "{LAMPS}", BOTH_ROUND),
    ("(?:closed|blank|covered|sealed|solid)", "{GRILLE}", {"grille": "closed"}),
    ("(?:slot|slotted|slit|single slot|thin|slim)", "{GRILLE}", {"grille": "slot"}),
    ("(?:wide|broad|full width)", "{GRILLE}", {"grille": "wide"}),
    ("(?:shield|shield shaped|big|large|single frame)", "{GRILLE}", {"grille": "shield"}),
    ("(?:split|twin|double|two part|kidney)", "{GRILLE}", {"grille": "split"}),
    ("(?:slatted|slat|slats|vertical slat|barred|seven slot)", "{GRILLE}", {"grille": "slats"}),
    ("(?:(?:five|5) (?:twin|double) spokes?|(?:twin|double) (?:five|5) spokes?|(?:twin|double) spokes?)",
     "{RIM}", {"rim": "twin_five"}),
    ("(?:(?:five|5) spokes?|(?:five|5) spoked)", "{RIM}", {"rim": "five_spoke"}),
    ("(?:(?:six|6) spokes?|(?:six|6) spoked)", "{RIM}", {"rim": "six_spoke"}),
    ("(?:(?:ten|10) spokes?|(?:ten|10) spoked)", "{RIM}", {"rim": "ten_spoke"}),
    ("(?:multi spokes?|multi spoked|many spokes?|many spoked|thin spokes?)", "{RIM}", {"rim": "multi_spoke"}),
    ("(?:turbine|swirl|fan|bladed)", "{RIM}", {"rim": "turbine"}),
    ("(?:mesh|cross spokes?|lattice|bbs style)", "{RIM}", {"rim": "mesh"}),
    ("(?:aero(?:dynamic)?(?: discs?| disks?)?|discs?|disks?|covered|closed|moon)", "{RIM}", {"rim": "aero_disc"}),
    ("(?:camera|digital|slim|thin)", "{MIRRORS}", {"mirrors": "slim"}),
    ("(?:classic|conventional|usual|normal)", "{MIRRORS}", {"mirrors": "classic"}),
    ("(?:square|squared|boxy|angular)", "{MIRRORS}", {"mirrors": "square"}),
    ("(?:flush|pop out|retractable)", "{HANDLES}", {"door_handles": "flush"}),
    ("(?:bow|bar|pull|classic|conventional)", "{HANDLES}", {"door_handles": "bow"}),
    ("(?:hidden|invisible|concealed)", "{HANDLES}", {"door_handles": "hidden"}),
    ("(?:black|contrasting|contrast|dark|two tone|floating)", "roof", {"roof": "black"}),
    ("(?:glass|glazed|panoramic(?: glass)?|panorama|transparent)", "roof", {"roof": "glass"}),
    ("(?:body colou?red|body colou?r|same colou?r)", "roof", {"roof": "body_colour"}),
    ("(?:bright|chrome|chromed|polished|silver|aluminium|aluminum)", "{TRIM}", {"trim": "bright"}),
    ("(?:black|dark|blacked out)", "{TRIM}", {"trim": "black"}),
    ("(?:body colou?red|body colou?r|same colou?r)", "{TRIM}", {"trim": "body_colour"}),
    ("(?:two|2)", "doors?", {"doors": "two"}),
    ("(?:three|3)", "doors?", {"doors": "two"}),
    ("(?:four|4)", "doors?", {"doors": "four"}),
    ("(?:five|5)", "doors?", {"doors": "four"}),
)  # fmt: skip

#: phrases of their own
PHRASES: tuple[tuple[str, Options], ...] = (
    ("(?:front|face) (?:with a )?(?:full width )?light bar", {"front_lamps": "light_bar"}),
    ("(?:full width |continuous )?(?:front|head) light ?bar", {"front_lamps": "light_bar"}),
    ("(?:full width |continuous )?(?:rear|tail|back) (?:light ?bar|light strip)", {"rear_lamps": "light_bar"}),
    ("(?:full width|continuous) (?:light ?bar|light strip)s?(?: at the (?:back|rear))", {"rear_lamps": "light_bar"}),
    ("(?:full width|continuous) (?:light ?bar|light strip)s?(?: at the front)", {"front_lamps": "light_bar"}),
    ("(?:full width |continuous )?(?:light ?bar|light strip)s?", BOTH_BARS),
    ("(?:no|without a?|grille ?less) ?{GRILLE}|grille ?less(?: front| face)?", {"grille": "closed"}),
    ("kidney {GRILLE}|kidneys", {"grille": "split"}),
    ("{RIM} with (?:five|5) spokes", {"rim": "five_spoke"}),
    ("{RIM} with (?:six|6) spokes", {"rim": "six_spoke"}),
    ("{RIM} with (?:ten|10) spokes", {"rim": "ten_spoke"}),
    ("{RIM} with many spokes", {"rim": "multi_spoke"}),
    ("(?:wheel|hub) (?:covers|discs|disks)", {"rim": "aero_disc"}),
    ("cameras? (?:instead of|for|in place of|as) mirrors", {"mirrors": "slim"}),
    ("two tone(?: paint| colou?r| body| finish)?", {"roof": "black"}),
    ("panoramic(?: glass)?(?: sun)? ?roof|panorama roof|glass top", {"roof": "glass"}),
    ("(?:no|without) chrome(?: {TRIM}| details| accents)?|de ?chromed|chrome delete", {"trim": "black"}),
    ("chrome (?:details|accents|window frames)|bright ?work", {"trim": "bright"}),
    # Chinese
    ("(?:纤细|细长|修长|窄|细)的?{前灯}", {"front_lamps": "slim"}),
    ("(?:刀锋|刀片|利刃)(?:式|形|状)?的?{前灯}", {"front_lamps": "blade"}),
    ("(?:双圆|四圆|双圆形|四个圆形)的?{前灯}", {"front_lamps": "twin_round"}),
    ("(?:圆形|圆)的?{前灯}", {"front_lamps": "round"}),
    ("(?:钩形|钩状|L形)的?{前灯}", {"front_lamps": "hook"}),
    ("(?:分体式?|上下叠置|竖置|层叠)的?{前灯}", {"front_lamps": "stacked"}),
    ("(?:贯穿式?|一字形?)的?(?:{前灯}|前灯带)", {"front_lamps": "light_bar"}),
    ("(?:环绕式?|包裹式?)的?{尾灯}", {"rear_lamps": "wrap"}),
    ("(?:贯穿式?|一字形?|通体)的?(?:{尾灯}|尾灯带|后灯带)", {"rear_lamps": "light_bar"}),
    ("(?:圆形|圆)的?{尾灯}", {"rear_lamps": "round"}),
    ("(?:竖置|竖直|竖条|竖式|立式)的?{尾灯}", {"rear_lamps": "vertical"}),
    ("(?:钩形|钩状|C形)的?{尾灯}", {"rear_lamps": "hook"}),
    ("(?:贯穿式?|一字形?|通体)的?(?:灯带|灯条|光带|车灯)", BOTH_BARS),
    ("(?:圆形|圆)的?车灯", BOTH_ROUND),
    ("(?:封闭式?|全封闭|无孔)的?{格栅}|{格栅}封闭|无{格栅}|没有{格栅}", {"grille": "closed"}),
    ("(?:细缝|窄缝|狭缝|细长)式?的?{格栅}", {"grille": "slot"}),
    ("(?:宽|宽大|横向)的?{格栅}", {"grille": "wide"}),
    ("(?:盾形|盾牌|大嘴|大)式?的?{格栅}", {"grille": "shield"}),
    ("(?:双肾|分体式?|双)的?{格栅}", {"grille": "split"}),
    ("(?:直瀑式?|竖条|栅条|竖幅式?)的?{格栅}", {"grille": "slats"}),
    ("(?:双五辐|五双辐|双辐)(?:式|条)?的?{轮毂}", {"rim": "twin_five"}),
    ("(?:五辐|5辐|五幅|5幅)(?:式|条)?的?{轮毂}", {"rim": "five_spoke"}),
    ("(?:六辐|6辐|六幅|6幅)(?:式|条)?的?{轮毂}", {"rim": "six_spoke"}),
    ("(?:十辐|10辐|十幅|10幅)(?:式|条)?的?{轮毂}", {"rim": "ten_spoke"}),
    ("(?:多辐|密辐|多幅)(?:式|条)?的?{轮毂}", {"rim": "multi_spoke"}),
    ("(?:涡轮|风扇|旋风)(?:式|状)?的?{轮毂}", {"rim": "turbine"}),
    ("(?:网状|网格|编织)式?的?{轮毂}", {"rim": "mesh"}),
    ("(?:低风阻|封闭式?|盘式|圆盘|空气动力学)的?{轮毂}", {"rim": "aero_disc"}),
    ("(?:电子|摄像头|流媒体|细长|纤细)式?的?{后视镜}", {"mirrors": "slim"}),
    ("(?:经典|传统|普通)式?的?{后视镜}", {"mirrors": "classic"}),
    ("(?:方形|方)的?{后视镜}", {"mirrors": "square"}),
    ("(?:齐平|平齐|嵌入|弹出)式?的?{把手}", {"door_handles": "flush"}),
    ("(?:隐藏|无)式?的?{把手}", {"door_handles": "hidden"}),
    ("(?:传统|外露|拱形|弓形)式?的?{把手}", {"door_handles": "bow"}),
    ("(?:黑色|黑|悬浮式?)的?车顶|双色(?:车身|车顶|涂装)?", {"roof": "black"}),
    ("(?:玻璃|全景|全景玻璃)的?(?:车顶|天幕|天窗)|全景天幕|天幕", {"roof": "glass"}),
    ("(?:同色|车身同色)的?车顶", {"roof": "body_colour"}),
    ("(?:镀铬|亮|银色|光亮|金属)的?{饰条}|镀铬", {"trim": "bright"}),
    ("(?:黑色|黑|熏黑)的?{饰条}|(?:无|没有|不要)镀铬", {"trim": "black"}),
    ("(?:同色|车身同色)的?{饰条}", {"trim": "body_colour"}),
    ("(?:两|双|二|2|三|3)(?:车)?门(?:版)?", {"doors": "two"}),
    ("(?:四|五|4|5)(?:车)?门(?:版)?", {"doors": "four"}),
)  # fmt: skip
