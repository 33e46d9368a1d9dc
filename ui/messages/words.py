# ruff: noqa: E501 - a table reads best with one text a line
"""Every text of the studio in English and Chinese, in one table."""

from __future__ import annotations

from collections.abc import Mapping

from ...design.family.contract import Family
from .words_names import name_zh

LANGUAGES = ("en", "zh")

#: name: English, Chinese
TEXTS: dict[str, tuple[str, str]] = {
    # -- frame
    "other_language": ("中文", "English"),
    "new_session": ("New session", "新建会话"),
    "kind_of_body": ("kind of body", "车身类型"),
    "undo": ("Undo", "撤销"),
    "redo": ("Redo", "重做"),
    "reset": ("Back to the start", "恢复起始值"),
    "nothing_back": ("There is nothing to take back.", "没有可撤销的操作。"),
    "nothing_forth": ("There is nothing to do again.", "没有可重做的操作。"),
    "no_drawing": ("There is no model that draws a {family} yet; model it or search instead.", "尚无可绘制 {family} 的模型；请直接建模或寻优。"),
    "no_study": ("Nothing simulates a {family} yet.", "尚无可仿真 {family} 的方法。"),
    "impossible": ("The search found no design that meets all of this", "寻优未找到满足全部要求的方案"),
    "no_design": ("no design chosen yet", "尚未选定方案"),
    "tab_brief": ("Brief", "需求"),
    "tab_sheet": ("Sheet", "草图"),
    "tab_model": ("Model", "模型"),
    "tab_search": ("Search", "寻优"),
    "tab_evidence": ("Evidence", "证据"),
    "tab_release": ("Release", "发布"),
    "lost": (
        "That session is not on this server any more, so a new one was started.",
        "服务器上已没有该会话，已为您新建一个。",
    ),
    "wrong": ("Something went wrong here. It was written to the server's log.", "此处出错，已写入服务器日志。"),
    "unsent": ("Not stored yet: {n} of your changes", "尚未保存：您的 {n} 处修改"),
    "kept": ("allowed {range}; {value} is kept", "允许 {range}；保留 {value}"),
    "silent": ("Not stored yet: {n} of your changes. The server is slow to answer; they are sent again.", "尚未保存：您的 {n} 处修改。服务器应答缓慢，将再次发送。"),
    # -- brief
    "brief_label": ("What do you want to make?", "您想设计什么？"),
    "brief_hint": (
        "Say it as you would to a colleague: body type, character, and every number that must hold.",
        "像告诉同事一样描述：车身类型、气质，以及必须满足的每个数值。",
    ),
    "family": ("Product", "产品"),
    "read": ("Read the brief", "解读需求"),
    "examples": ("Examples", "示例"),
    "upload": ("Start from a sketch, a photo or a design file", "从草图、照片或设计文件开始"),
    "upload_hint": ("a picture up to 20 MB (PNG, JPEG, HEIC, SVG and more), or a design file (.json)", "图片（PNG、JPEG、HEIC、SVG 等，20 MB 以内）或设计文件 (.json)"),
    "understood": ("Understood", "已理解"),
    "not_understood": ("Not understood: changes nothing", "未理解：不影响结果"),
    "questions": ("Please say what is meant: none of this is used yet", "请说明含义：以下内容尚未采用"),
    "remarks": ("Worth a look", "请留意"),
    "all_understood": ("Every word was used.", "全部文字均已采用。"),
    "must_hold": ("Must hold", "必须满足"),
    "hard": ("must", "必须"),
    "advisory": ("wish", "期望"),
    "at_least": ("at least", "至少"),
    "at_most": ("at most", "至多"),
    "remove": ("Remove", "删除"),
    "add": ("Add", "添加"),
    "no_limits": ("No limits yet: add one below, or write one in the brief.", "尚无限制：请在下方添加，或写入需求。"),
    "starts_as": ("Starting point", "起点"),
    "wishes": ("Preferred", "优先"),
    "locked": ("Locked", "锁定"),
    "lower": ("as low as possible", "尽量低"),
    "higher": ("as high as possible", "尽量高"),
    "brief_empty": (
        "<b>Start with a sentence</b>Type what you want or pick an example, then read it. What was understood appears here, and can be edited.",
        "<b>从一句话开始</b>输入需求或选一个示例，然后解读。理解到的内容会显示在这里，并可修改。",
    ),
    "to_sheet": ("Draw sketches", "绘制草图"),
    "to_model": ("Model it", "建立模型"),
    "to_search": ("Search for the best", "寻找最优"),
    "reading_picture": ("Reading the body in the picture.", "正在读取图中车身。"),
    "use_body": ("Use this body", "采用此车身"),
    "picture_body": ("The body in your picture", "图片中的车身"),
    # -- sheet
    "sheet_empty": (
        "<b>No sketches yet</b>Read a brief, choose how many to draw, then draw them. They appear one after another.",
        "<b>还没有草图</b>请先解读需求，选择数量，然后绘制。草图会逐张出现。",
    ),
    "draw": ("Draw", "绘制"),
    "how_many": ("Sketches", "数量"),
    "style": ("Manner", "风格"),
    "view": ("View", "视角"),
    "palette": ("Colour and material", "颜色与材质"),
    "palette_any": ("as the brief says", "按需求"),
    "strength": ("Variation", "变化幅度"),
    "pin": ("Pin", "固定"),
    "reject": ("Reject", "舍弃"),
    "more": ("More like this", "类似方案"),
    "facelift": ("Facelift", "改款"),
    "body": ("Body", "车身"),
    "sketch": ("Sketch", "草图"),
    "open": ("Open in Model", "在模型中打开"),
    "mix": ("Mix the two pinned", "混合两个固定方案"),
    "mix_need": ("Pin exactly two sketches with bodies to mix them.", "请恰好固定两个带车身的草图再混合。"),
    "agreement": ("agreement", "吻合度"),
    "no_body": ("no body was found", "未找到车身"),
    "sheet_number": ("Sheet {k}", "第 {k} 张草图"),
    "sheet_brief": ("from the brief", "依需求绘制"),
    "sheet_more": ("more like {of}", "与 {of} 相似"),
    "sheet_facelift": ("facelift of {of}, variation {far} %", "{of} 的改款，变化 {far} %"),
    "sheet_mix": ("mix of {of}", "混合 {of}"),
    "older": ("Show {n} older sheets", "显示更早的 {n} 张草图"),
    "reading": ("Reading its body …", "正在识别车身……"),
    "need_brief": ("Read a brief first: the sketches need one.", "请先解读需求。"),
    # -- model
    "model_empty": ("No body yet. Read a brief and press “Model it”, or choose a starting body on the right.", "尚无车身。请解读需求并点击“建立模型”，或在右侧选择起始车身。"),
    "viewer": ("The body in 3D. Drag or use the arrow keys to turn it, the wheel or + and - to zoom.", "三维车身：拖动或用方向键旋转，滚轮或加减键缩放。"),
    "nowebgl": ("This browser has no WebGL, so the body cannot be shown in 3D.", "此浏览器不支持 WebGL，无法显示三维车身。"),
    "making": ("The body is being made …", "正在生成形体……"),
    "gone": ("The body could not be fetched; move a slider to make it again.", "无法读取车身；请移动任一滑块重新生成。"),
    "corner": ("3/4", "四分之三"),
    "side": ("Side", "侧面"),
    "front": ("Front", "正面"),
    "rear": ("Rear", "背面"),
    "top": ("Top", "俯视"),
    "behind": ("Behind", "后视"),
    "section": ("Section", "剖切"),
    "along": ("Section: lengthwise", "剖切：纵向"),
    "across": ("Section: across", "剖切：横向"),
    "dims": ("Dimensions", "尺寸"),
    "start_body": ("Starting body", "起始车身"),
    "compare": ("Compare with", "对比"),
    "compare_none": ("nothing", "不对比"),
    "pin_this": ("Pin this design", "固定此方案"),
    "pinned_as": ("Pinned as “{name}”.", "已固定为“{name}”。"),
    "edit_hint": ("Change it by words", "用文字修改"),
    "edit_hint_like": ("Change it by words: {example}", "用文字修改：{example}"),
    "lock": ("Keep this value", "锁定此值"),
    "sliders_empty": ("The sliders appear with the first body.", "有车身后显示滑块。"),
    "arrow": ("One step this way changes the {quantity} by about {text}. Press to take it.", "朝此方向一步，{quantity}约变化 {text}。点击执行。"),
    "inside": ("inside the evidence", "证据范围内"),
    "outside": ("outside the evidence: simulate", "超出证据范围：请仿真"),
    "simulate_this": ("Simulate this design", "仿真此方案"),
    "interval": ("{coverage} % interval {lower} to {upper}", "{coverage} % 区间 {lower} 至 {upper}"),
    "asked": ("asked", "要求"),
    "misses": ("misses", "不满足"),
    "broken": ("This shape cannot be built", "此形状无法建造"),
    "measures": ("Measures", "测量值"),
    "differences": ("Differences", "差异"),
    "predictions": ("Predictions", "预测"),
    # -- search
    "search_empty": (
        "<b>Nothing searched yet</b>Choose what to improve and what to hold, then start. The front grows here while it runs.",
        "<b>尚未寻优</b>选择要改进和保持的内容，然后开始。前沿会在此逐步生长。",
    ),
    "minimise": ("As low as possible", "尽量低"),
    "maximise": ("As high as possible", "尽量高"),
    "hold": ("Hold as in Model", "保持模型中的值"),
    "trials": ("Designs to try", "尝试次数"),
    "from_current": ("Begin at the design in Model", "从模型中的方案开始"),
    "start": ("Start the search", "开始寻优"),
    "cancel": ("Stop and keep what was found", "停止并保留结果"),
    "best": ("Best found", "最优结果"),
    "front_plot": ("Trade-off", "权衡前沿"),
    "parallel": ("All parameters", "平行坐标"),
    "history": ("History", "过程"),
    "feasible": ("meets every requirement", "满足全部要求"),
    "nearest": ("Nearest design: it misses", "最接近的方案，未满足："),
    "loosen": ("Loosen to {value}", "放宽到 {value}"),
    "loosened": ("{name} is now {limits}. Search again to use it.", "{name} 现为 {limits}，请重新寻优。"),
    "trial": ("trial", "试验"),
    "tried": ("{n} designs tried, {m} meet everything on the fast mesh", "已尝试 {n} 个，快速网格下 {m} 个全部满足"),
    # -- evidence
    "evidence_empty": (
        "<b>No design to look at</b>Choose a design in Model; the simulated designs nearest to it appear here.",
        "<b>没有可查看的方案</b>请先在模型中选定方案，此处显示与其最接近的仿真结果。",
    ),
    "own_runs": ("learned from {n} runs of this session, too", "也学习了本会话的 {n} 次仿真"),
    "likely": ("likely, {percent} %", "很可能，{percent} %"),
    "sure_at": ("sure ({percent} %) at {value}, or by a simulation", "达到 {value} 或经仿真后可确定（{percent} %）"),
    "sure_by_run": ("sure ({percent} %) by a simulation", "经仿真后可确定（{percent} %）"),
    "other_run": ("This run is of another design than the one in Model: {what}.", "该仿真属于另一方案，并非模型中的方案：{what}。"),
    "this_run": ("This run is of the design in Model.", "该仿真属于模型中的方案。"),
    "empty_limit": ("The limit of {name} stays: an empty field changes nothing, ✕ removes it.", "{name} 的限制保留：空白不作修改，按 ✕ 可删除。"),
    "locks_kept": ("Locked values were kept: {names}.", "已保留锁定值：{names}。"),
    "nearest_runs": ("Nearest simulated designs", "最接近的仿真方案"),
    "holds_loads": ("Does it hold its loads?", "能否承受载荷？"),
    "load_case": ("load case", "载荷工况"),
    "deciding_part": ("part that decides", "决定性部件"),
    "take_nearest": ("take {name} {limit}, the nearest that can be", "取最接近的可行值：{name} {limit}"),
    "figure_asked": ("{name} {value} (asked: {words})", "{name} {value}（要求：{words}）"),
    "take_way": ("take {name} {limit}", "改为 {name} {limit}"),
    "drop_limit": ("ask nothing of {name}", "不对{name}提要求"),
    "sketch_of": ("sketch {n} of sheet {k}", "第 {k} 组的草图 {n}"),
    "value": ("value", "数值"),
    "limit": ("limit", "限值"),
    "margin": ("margin", "余量"),
    "other_runs": ("Runs of other designs in this session: {n}.", "本会话中其他方案的仿真：{n} 次。"),
    "nine_in_ten": ("nine in ten such products (materials scatter, beams err)", "十件此类产品中的九件（材料离散与梁模型误差）"),
    "run": ("run", "算例"),
    "fidelity": ("fidelity", "精度"),
    "distance": ("distance", "距离"),
    "predicted": ("predicted", "预测"),
    "simulated": ("simulated", "仿真"),
    "card": ("Model card", "模型卡"),
    "simulate": ("Simulate", "仿真"),
    "simulate_hint": ("Simulates the design in Model. The first fidelity is the cheapest.", "对模型中的方案进行仿真。第一种精度最快。"),
    "fit_plot": ("Predicted against simulated: every run that the model learned from", "预测与仿真对比（模型学习过的全部算例）"),
    "settling_plot": ("The run as it settles", "收敛过程"),
    "residuals": ("Residuals", "残差"),
    "joined": ("Run {run} has joined your local evidence.", "算例 {run} 已加入本地证据库。"),
    "not_converged": ("It did not converge: {reason}. The number is recorded and not learned from.", "未收敛：{reason}。结果已记录，但不用于学习。"),
    # -- release
    "release_empty": (
        "<b>Nothing released yet</b>Press “Build and verify”: the design in Model is built exactly, judged, written and checked before your eyes.",
        "<b>尚未发布</b>点击“建造并验证”：模型中的方案将被精确建造、评判、写出并当面核验。",
    ),
    "build": ("Build and verify", "建造并验证"),
    "verified": ("Verified: the files say what the design promises.", "已验证：文件与承诺一致。"),
    "not_verified": ("The verification failed.", "验证未通过。"),
    "not_feasible": ("A hard requirement does not hold on the exact body; the release says so.", "精确车身不满足某项硬性要求，发布文件中已注明。"),
    "download": ("Download", "下载"),
    "older_release": (
        "The design in Model has changed since this release was made; build again to release what you see there.",
        "该版本发布后，模型中的方案已有改动；请重新建造以发布当前方案。",
    ),
    "as_built": ("as built", "精确建造"),
    "sketch_followed": ("the sketch it follows", "所依据的草图"),
    "restyled": ("drawn in the sketch's manner", "按草图风格重绘"),
    "whole": ("Everything (zip)", "全部 (zip)"),
    "log": ("Decisions", "决策记录"),
    "log_empty": ("No decisions yet.", "尚无决策。"),
    "back_here": ("Back to here", "回到此处"),
    "went_back": ("Back to decision {k}.", "已回到第 {k} 条决策。"),
    "checks": ("Checks", "核验"),
    "need_design": ("Choose a design in Model first.", "请先在模型中选定方案。"),
    "stop_mark": (".", "。"),
    "options": ("Details", "细节"),
    "seen": ("Seen", "显示"),
    "seen_doc": ("What is around it is no part of the design.", "周围的物件不属于设计本身。"),
    "seen_alone": ("alone", "仅产品"),
    "seen_in_use": ("in use", "使用状态"),
    # -- jobs
    "queued": ("waiting", "排队中"),
    "running": ("running", "运行中"),
    "done": ("done", "完成"),
    "failed": ("failed", "失败"),
    "cancelled": ("stopped", "已停止"),
    "interrupted": ("interrupted", "已中断"),
    "left": ("about {time} left", "约剩 {time}"),
    "v_sketch": ("Sketches", "草图"),
    "v_optimise": ("Search", "寻优"),
    "v_simulate": ("Simulation", "仿真"),
    "v_release": ("Release", "发布"),
    "v_body": ("Body from picture", "图片读车身"),
    "v_restyle": ("Restyle", "重绘"),
    "v_build": ("Build", "建造"),
    "v_design": ("Design", "设计"),
    "stop": ("Stop", "停止"),
    "again": ("Start again", "重新开始"),
    "designer": ("designer", "设计师"),
}  # fmt: skip


class Words:
    """The table in one language: ``words.build``."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        column = LANGUAGES.index(self.language)
        self._texts = {name: pair[column] or pair[0] for name, pair in TEXTS.items()}

    def __getattr__(self, name: str) -> str:
        try:
            return self.__dict__["_texts"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def some(self, *names: str) -> Mapping[str, str]:
        """Texts by name, for the page's scripts."""
        return {n: self._texts[n] for n in names}

    def name(self, name: str, family: Family | None = None) -> str:
        """A parameter, measure, prediction, group or body type as people read it, `family`'s where given."""
        chinese = name_zh(name, family) if self.language == "zh" else None
        return chinese or name.replace("_", " ")

    def said(self, text: str) -> str:
        """A text that the engine made (an error, a reason, a message), in this language."""
        from .translate import translated

        return translated(text, self.language)
