"""Is a structure whole? One line names what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..arrays import BoolArray, FloatArray
from ..errors import InputError
from ..messages import Message, listed, marked, say
from .structure import FREEDOMS, LoadCase, Member, Plate, Probe, Structure

SHORT_MM = 1e-6
MOST_INSIDE = 0.95  # share of a member that lies inside its joints
_NAMES = {
    "member": marked("member {name!r}"),
    "plate": marked("plate {name!r}"),
    "load case": marked("load case {name!r}"),
    "probe": marked("probe {name!r}"),
}


def check_structure(s: Structure) -> None:
    """Refuse nodes that do not exist or belong to nothing, members without length, unknown names.

    Raises:
        InputError: the first that is found.
    """
    nodes = np.asarray(s.nodes, dtype=np.float64)
    if nodes.ndim != 2 or nodes.shape[1] != 3 or not np.isfinite(nodes).all():
        shape = " x ".join(map(str, nodes.shape))
        raise InputError(
            say("nodes are {shape} numbers; they are n rows of x, y, z, all finite", shape=shape)
        )
    used = np.zeros(len(nodes), dtype=bool)
    _members(s.members, nodes, used)
    for plate in s.plates:
        _plate(plate, nodes, used)
    _ties(s, nodes, used)
    if not used.all():
        raise InputError(say("node {node} belongs to no member and no plate", node=int(np.argmin(used))))
    names = [c.name for c in s.cases]
    if not names or len(set(names)) < len(names):
        known = listed(names) if names else "none"
        raise InputError(
            say("load cases are {names}; there is at least one, each with a name of its own", names=known)
        )
    for case in s.cases:
        _case(case, len(nodes))
    for probe in s.probes:
        _probe(probe, len(nodes), names)


def _members(members: Sequence[Member], nodes: FloatArray, used: BoolArray) -> None:
    if not members:
        return
    ends = np.array([(m.i, m.j) for m in members])
    bad = np.flatnonzero(((ends < 0) | (ends >= len(nodes))).any(axis=1))
    if len(bad):
        _known(_the("member", members[bad[0]].name), ends[bad[0]].tolist(), len(nodes))
    used[ends.ravel()] = True
    lengths = np.linalg.norm(nodes[ends[:, 1]] - nodes[ends[:, 0]], axis=1)
    if lengths.min() < SHORT_MM:
        part = _the("member", members[int(np.argmin(lengths))].name)
        raise InputError(say("{part} has no length", part=part))
    for m, length in zip(members, lengths.tolist(), strict=True):
        if min(m.inside_i, m.inside_j) < 0.0 or m.inside_i + m.inside_j > MOST_INSIDE * length:
            raise InputError(
                say(
                    "{part} lies {first} and {second} mm inside its joints; each is at least 0, both together"
                    " at most {share} % of its {length} mm",
                    part=_the("member", m.name), first=f"{m.inside_i:g}", second=f"{m.inside_j:g}",
                    share=f"{100 * MOST_INSIDE:g}", length=f"{length:.1f}",
                )
            )  # fmt: skip
        if m.section_j is not None and m.section_j.shape != m.section.shape:
            raise InputError(
                say(
                    "{part} is of shape {first} at one end and {second} at the other; both are the same",
                    part=_the("member", m.name), first=m.section.shape, second=m.section_j.shape,
                )
            )  # fmt: skip


def _plate(p: Plate, nodes: FloatArray, used: BoolArray) -> None:
    _known(_the("plate", p.name), np.unique(p.triangles).tolist(), len(nodes))
    used[p.triangles.ravel()] = True
    a, b, c = np.moveaxis(nodes[p.triangles], 1, 0)
    if p.thickness <= 0.0 or np.linalg.norm(np.cross(b - a, c - a), axis=1).min(initial=1.0) < SHORT_MM**2:
        part = _the("plate", p.name)
        raise InputError(say("{part}: thickness and the areas of all triangles are above 0", part=part))


def _ties(s: Structure, nodes: FloatArray, used: BoolArray) -> None:
    held = {support.node for case in s.cases for support in case.supports}
    follow = [t.node for t in s.ties]
    for tie in s.ties:
        _known(say("tie of node {node}", node=tie.node), [tie.node, *tie.masters.tolist()], len(nodes))
        used[[tie.node, *tie.masters]] = True
        if tie.node in held or tie.node in tie.masters:
            raise InputError(
                say("tie of node {node}: it follows others, and is neither held nor its own", node=tie.node)
            )
    if len(set(follow)) < len(follow):
        twice = min(n for n in follow if follow.count(n) > 1)
        raise InputError(say("node {node} follows twice; one tie a node", node=twice))


def _case(case: LoadCase, count: int) -> None:
    nodes = [*(s.node for s in case.supports), *(x.node for x in case.loads)]
    if not all(0 <= node < count for node in nodes):
        _known(_the("load case", case.name), nodes, count)
    for support in case.supports:
        _ways("load case", case.name, support.fixed)
    if not case.required > 0.0:
        raise InputError(
            say(
                "{part} requires a safety factor of {required}; it is above 0",
                part=_the("load case", case.name), required=case.required,
            )
        )  # fmt: skip


def _probe(probe: Probe, count: int, cases: Sequence[str]) -> None:
    part = _the("probe", probe.name)
    _known(part, [probe.node], count)
    if probe.way:
        _ways("probe", probe.name, [probe.way])
    if probe.case not in cases:
        raise InputError(
            say(
                "{part} asks for {case}; load cases are {known}",
                part=part,
                case=probe.case,
                known=listed(cases),
            )
        )


def _the(kind: str, name: str) -> Message:
    return say(_NAMES[kind], name=name)


def _known(part: Message, nodes: Iterable[int], count: int) -> None:
    for node in nodes:
        if not 0 <= node < count:
            raise InputError(
                say("{part} names node {node}; nodes are 0 to {last}", part=part, node=node, last=count - 1)
            )


def _ways(kind: str, name: str, ways: Iterable[str]) -> None:
    for way in ways:
        if way not in FREEDOMS:
            part, known = _the(kind, name), listed(FREEDOMS)
            raise InputError(say("{part} names {way!r}; known: {known}", part=part, way=way, known=known))
