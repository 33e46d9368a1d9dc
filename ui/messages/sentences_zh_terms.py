# ruff: noqa: E501 - a table reads best with one text a line
"""Labels and fragments in Chinese: what is no sentence of its own, and so ends without a full stop."""

from __future__ import annotations

#: exact texts
TERMS: dict[str, str] = {
    # statuses, stages, and what a job is at
    "queued": "排队中", "running": "运行中", "done": "完成", "failed": "失败", "cancelled": "已停止", "interrupted": "已中断",
    "starting": "正在启动", "model": "加载模型", "body": "车身", "start": "起点", "sketches": "绘制草图", "bodies": "识别车身",
    "restyle": "重绘", "search": "寻优", "exact check": "精确核验", "exact solids": "建造精确实体", "surfaces": "检查曲面", "fast body": "快速车身",
    "pictures": "图片", "predicting": "预测", "release": "写出发布", "verify": "核验", "meshing": "划分网格", "solving": "求解",
    "checking hulls": "检查外壳", "building designs": "建造方案", "weights": "读取权重", "assess": "评判", "exact": "精确建造",
    "coarse": "粗", "medium": "中", "fine": "细",
    # what the system says
    "No space left on device": "磁盘已满", "Permission denied": "没有权限", "No such file or directory": "没有此文件或文件夹",
    "Read-only file system": "文件系统只读", "Cannot allocate memory": "内存不足", "image file is truncated": "图片文件不完整",
    # how a value was obtained
    "parameter": "参数", "parameters": "参数之和", "fast mesh": "快速网格", "exact CAD": "精确 CAD", "surrogate": "代理模型",
    # checks
    "manifest": "清单", "files": "文件", "design": "方案", "report": "报告", "script": "脚本", "STL": "STL", "GLB": "GLB",
    "hull STL": "外壳 STL", "limits": "总体长度",
    "STEP": "STEP", "rebuild": "重新建造", "measures": "测量值", "predictions": "预测", "verdicts": "判定",
    "name": "名称", "detail": "说明", "value": "值", "lower": "下限", "upper": "上限", "sigma": "标准差", "coverage": "覆盖率",
    "distance": "距离", "margin": "余量", "limit": "限值", "probability": "概率",
    # who decided
    "designer": "设计师", "brief": "需求", "picture": "图片", "lock": "锁定", "default": "默认", "mix": "混合",
    # what was decided
    "first design": "首个方案", "design file opened": "打开设计文件", "body read from the picture": "从图片读取车身",
    "proportions like cars on the road": "比例接近道路上的汽车", "by default": "默认",
    "opened from the search": "从寻优结果打开", "starting point of the brief": "需求的起点",
    # views, manners and strengths of sketches
    "side": "侧视", "three quarter": "四分之三视", "three_quarter": "四分之三视", "ink": "线稿", "marker": "马克笔", "soft": "柔和",
    "mixed": "混合", "view": "视角", "style": "风格", "palette": "配色", "strength": "变化幅度", "guidance": "文字引导强度",
    "number-guidance": "数值引导强度", "drag-guidance": "阻力引导强度", "steps": "步数",
    # kinds of numbers
    "a length": "长度", "an angle": "角度", "an area": "面积", "a volume": "体积", "a mass": "质量", "a speed": "速度",
    "a time": "时间", "a percentage": "百分比", "a dimensionless": "纯数字", "a plain number": "纯数字",
    "something else": "其他量", "mm, cm, m, inches or feet": " mm、cm、m、英寸或英尺", "degrees": "度",
    "m2 or square feet": " m² 或平方英尺", "litres, m3 or cubic feet": "升、m³ 或立方英尺", "kg or pounds": " kg 或磅",
    # how words of a brief were taken
    "not in the vocabulary": "不在词汇表中", "no number or direction given for it": "未给出数值或方向",
    "a part without a wish; say big or small, or name a quantity of it": "只提到部件而没有要求；请说明大小，或指明它的某个量",
    "a negation without its word": "否定词缺少对象", "a negation that the family cannot follow": "此产品无法满足该否定",
    "a number without a quantity": "数值没有对应的量", "no quantity found for it": "未找到对应的量",
    "advisory: reported, not enforced": "期望：只报告，不强制", "overall length, width and height fixed": "车长、车宽和车高固定",
}  # fmt: skip

#: templates; fields as in sentences_zh
FRAGMENTS: tuple[tuple[str, str], ...] = (
    ("{t:time}", "{t}"),
    ("{want:limits}", "{want}"),
    ("Design {k:id}", "方案 {k}"),
    ("{level:term} runs", "{level}网格算例"),
    # who decided, and what
    ("concept {k:n}", "草图 {k}"),
    ("search trial {k:n}", "寻优试验 {k}"),
    ("search result {k:n}", "寻优结果 {k}"),
    ("result {k:n}", "结果 {k}"),
    ("archetype {a:name}", "车型 {a}"),
    ("{q:name} locked at {v:v}", "{q}锁定在 {v}"),
    ("{q:name} unlocked at {v:v}", "{q}在 {v} 处解锁"),
    ("{q:name} {a:v} to {b:v}", "{q}由 {a} 改为 {b}"),
    ("{q:name} {a:name} to {b:name}", "{q}由{a}改为{b}"),
    ("starting body {a:name}", "起始车身：{a}"),
    ("sketch of job {id} chosen", "选用任务 {id} 的草图"),
    ("chosen from job {id}", "选自任务 {id}"),
    ("back to decision {k:n}: {what:said}", "回到第 {k} 条决策：{what}"),
    # how the words of a brief were taken
    ("starting point: {moves:moves}; minimise {q:names}; minimise {r:names}", "起点：{moves}；{q}、{r}尽量小"),
    ("starting point: {moves:moves}; minimise {q:names}", "起点：{moves}；{q}尽量小"),
    ("starting point: {moves:moves}; maximise {q:names}", "起点：{moves}；{q}尽量大"),
    ("starting point: {moves:moves}", "起点：{moves}"),
    ("starting point: {a:name}", "起点：{a}"),
    ("starting point: a {a:name}", "起点：{a}"),
    ("starting point: “{words}”", "起点：“{words}”"),
    ("minimise {q:names}", "{q}尽量小"),
    ("{a:name}: {b:name}", "{a}：{b}"),
    ("{a:name}: {b:name}, {c:name}: {d:name}", "{a}：{b}；{c}：{d}"),
    ("overruled by “{words}”", "被“{words}”取代"),
    ("say {w} to lift it", "写“比例不限”（{w}）即可取消"),
    ("default: {w:said}", "默认：{w}"),
    ("lifts the default wish: {w:said}", "取消默认愿望：{w}"),
    # proportions against cars on the road
    ("nearest on the road: {car}", "道路上最接近：“{car}”"),
    ("road cars {a:v} to {b:v}", "道路上的汽车 {a} 至 {b}"),
    ("wheelbase {v:v} of the length", "轴距为车长的 {v}"),
    ("height {v:v} of the length", "车高为车长的 {v}"),
    ("width {v:v} of the height", "车宽为车高的 {v}"),
    ("tyre {v:v} of the height", "轮胎为车高的 {v}"),
    ("front overhang {v:v} of the length", "前悬为车长的 {v}"),
    ("rear overhang {v:v} of the length", "后悬为车长的 {v}"),
    ("side glass {v:v} of the body's height at mid-wheelbase", "侧窗为轴距中部车身高度的 {v}"),
    ("body side below the belt {v:v} tyre diameters deep", "腰线以下侧围高 {v} 个轮胎直径"),
    ("dash to axle {v:v} tyre diameters", "风挡至前轴为 {v} 个轮胎直径"),
    ("cowl {v:v} of the height", "风挡下缘为车高的 {v}"),
    ("bonnet's leading edge {v:v} of the height", "机罩前缘为车高的 {v}"),
    ("tail {v:v} of the height", "尾部为车高的 {v}"),
    ("roof falls by {v:v} of the height at its end", "车顶末端下降车高的 {v}"),
    ("maximise {q:names}", "{q}尽量大"),
    ("predicted limits hold with probability {p:v}", "预测限值的满足概率为 {p}"),
    ("{q:name} cannot be zero; its range is {s:span}", "{q}不能为零；范围为 {s}"),
    ("{q:name} fixed at {v:v}", "{q}固定为 {v}"),
    ("family {f:name} has no head room", "{f}没有头部空间"),
    ("{asks:asks}", "{asks}"),
    # a limit, as an error names it
    ("lock {q:name} = {v:v}", "{q}锁定为 {v}"),
    ("lock {q:name} = {v:v} ({s:name} is the sum of {parts:names})", "{q}锁定为 {v}（{s}是{parts}之和）"),
    ("{q:name} {want:limits}{src:src}", "{q}{want}{src}"),
    ("{q:name} {want:limits}{src:src} ({s:name} is the sum of {parts:names})", "{q}{want}{src}（{s}是{parts}之和）"),
    # what a check compared
    ("hull volume in the manifest", "清单中的外壳体积"),
    ("hull area in the manifest", "清单中的外壳面积"),
    ("exact hull against fast hull", "精确外壳与快速外壳"),
    ("volume of {x}", "{x} 的体积"),
    ("area of {x}", "{x} 的面积"),
    ("middle of {x} in {file}", "{file} 中 {x} 的中心"),
    ("box of {x} in {file}", "{file} 中 {x} 的包围盒"),
    ("box of {x}", "{x} 的包围盒"),
    ("colour of {x}", "{x} 的颜色"),
    ("density of {x}", "{x} 的密度"),
    ("centroid of {x}", "{x} 的形心"),
    ("validation property of {x}", "{x} 的校验属性"),
    ("{q:name} {key:term}", "{q}的{key}"),
    ("{q:name}", "{q}"),
)  # fmt: skip
