"""Words that change a design, as data in English and Chinese: which way, along which axis, what stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .blocks import phrases

#: (+1 more, -1 less; what it speaks of: an axis, or "" for the quantity beside it) to phrases
MOVES: Mapping[tuple[int, str], str] = {
    (1, ""): """
        raise, increase, extend, add, grow, enlarge, lift, boost, more, larger, bigger, greater, up, plus,
        deepen, deeper, thicker, fatter, steepen, steeper, extra, additional, stretch, another,
        提高, 增加, 加大, 增大, 放大, 升高, 抬高, 提升, 更大, 更多, 大一点, 多一点, 大一些, 再加, 加, 多,
        再多, 多出, 宽出, 长出, 高出, 粗一点, 粗一些, 厚一点, 更粗, 更厚, 加粗, 加厚, 调陡, 陡一点
    """,
    (-1, ""): """
        lower, reduce, decrease, cut, trim, drop, shrink, less, smaller, down, minus, fewer, thinner, slim,
        drop the, out of, slacken, slacker,
        take, take off, off, shave,
        降低, 减小, 减少, 缩小, 下降, 压低, 更小, 更少, 小一点, 少一点, 小一些, 再减, 减, 减掉, 减去, 少,
        降, 细一点, 细一些, 薄一点, 更细, 更薄, 放缓, 缓一点
    """,
    (1, "long"): "lengthen, longer, 加长, 拉长, 更长, 长一点, 长一些",
    (-1, "long"): "shorten, shorter, 缩短, 更短, 短一点, 短一些",
    (1, "wide"): "widen, wider, broaden, broader, 加宽, 更宽, 宽一点, 宽一些",
    (-1, "wide"): "narrow, narrower, slimmer, 收窄, 更窄, 窄一点, 窄一些",
    (1, "tall"): "heighten, raise, lift, taller, higher, 加高, 升高, 抬高, 更高, 高一点, 高一些",
    (-1, "tall"): "lower, drop, drop the, 降低, 压低, 降, 更低, 更矮, 低一点, 矮一点, 低一些",
    (1, "heavy"): "heavier, 更重",
    (-1, "heavy"): "lighter, 更轻, 减重",
}
#: a part goes away
REMOVE = """
    remove, delete, drop the, get rid of, no, without, lose, take it off, take them off, take that off,
    leave it out, 去掉, 取消, 删除, 移除, 不要
"""
#: what stands before the value itself: "set the height to 1400 mm"
TO = """
    to, at, at exactly, exactly, of, is, are, be, becomes, become, =, 到, 至, 为, 改为, 设为, 改成, 调到,
    是, 变成, 变为, 做到, 降到, 升到, 减到, 加到, 加长到, 缩短到, 拉到, 调成, 调整到
"""
KEEP = """
    keep, keeping, hold, holding, leave, leaving, preserve, preserving, maintain, maintaining, retain,
    without changing, without touching, don't change, do not change, don't touch, do not touch, unchanged,
    untouched, as it is, as they are, same, the same, stays, stay, constant, but not, fixed,
    保持, 保留, 不变, 不动, 别动, 不改, 不要动, 不要改变, 不许变, 不能变, 不准变, 别变, 不许动, 不能动,
    维持, 固定
"""
#: how much further than a plain comparative: "a much longer wheelbase"
FAR: Mapping[float, str] = {
    2.0: """
        much, a lot, lots, far, way, considerably, significantly, substantially, markedly, a good deal,
        a great deal, 得多, 许多, 很多, 大幅, 大幅度, 明显, 显著, 大大
    """
}
UNDO = (
    "undo, undo that, undo it, undo the last, revert, take that back, go back, 撤销, 撤回, 取消上一步, 还原"
)


def edit_entries() -> Iterator[tuple[str, str, object]]:
    """(kind of reading, phrase, payload)."""
    moves: dict[str, tuple[int, list[str]]] = {}
    for (direction, axis), block in MOVES.items():
        for phrase in phrases(block):
            moves.setdefault(phrase, (direction, []))[1].append(axis)
    yield from (("move", phrase, (way, tuple(axes))) for phrase, (way, axes) in moves.items())
    yield from (("far", phrase, factor) for factor, block in FAR.items() for phrase in phrases(block))
    yield from (("remove", phrase, True) for phrase in phrases(REMOVE))
    yield from (("to", phrase, True) for phrase in phrases(TO))
    yield from (("keep", phrase, True) for phrase in phrases(KEEP))
