"""What :mod:`mutate` can break: every mutation of the functions of the core, and a sample of them.

A function's own code is changed: operators, numbers, conditions, statements. Left alone is what nobody sees
while the code is right: annotations, defaults and class bodies (they have run before a test begins), texts,
assertions, that two lists are equally long (``strict=True`` of a zip asserts it), numbers that guard against
rounding, and ``<`` against ``<=`` where neither side is a count: of real numbers they differ at one point (of
eleven tried four were noticed).
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORE = (
    "constraints", "surrogate/trust", "surrogate/models", "ui/release", "design/exchange", "design/family",
    "design/structures",
)  # fmt: skip
#: measuring scripts, printed cards and the checks that are tests themselves
SPARED = re.compile(r"bench|card\.py|conformance|__init__")
GUARD = 1e-6  # numbers below it guard against rounding: half as much again alters nothing
COMPARED = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
}  # fmt: skip
COUNTED = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"), ast.Mod: ("%", "*"), ast.Pow: ("**", "*"),
}  # fmt: skip
JOINED = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
NAMED = {"min": "max", "max": "min", "any": "all", "all": "any", "ceil": "floor", "floor": "ceil"}


@dataclass(frozen=True)
class Mutation:
    """Bytes `start` to `end` of `file` become `new`; `place` names the function around them."""

    file: str
    line: int
    start: int
    end: int
    old: str
    new: str
    place: str


def mutations(file: str, text: str) -> list[Mutation]:
    """Every mutation of one source text, in order."""
    source = text.encode()
    starts = [0]
    for row in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))

    def at(row: int, column: int) -> int:
        return starts[row - 1] + column

    def span(node: ast.AST) -> tuple[int, int]:
        return at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)

    found: list[Mutation] = []

    def visit(node: ast.AST, place: str, runs: bool) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}".lstrip(".")
        runs |= isinstance(node, ast.FunctionDef)
        if runs:  # what stands outside functions has run when a fork begins
            for start, end, new in _changes(node, span, source):
                old = source[start:end].decode()
                found.append(Mutation(file, source[:start].count(b"\n") + 1, start, end, old, new, place))
        for child in _code_of(node):
            visit(child, place, runs)

    visit(ast.parse(text), "", False)
    return found


def _changes(node: ast.AST, span: Any, source: bytes) -> Iterator[tuple[int, int, str]]:
    """(start, end, new text) of each change of one node."""
    for left, right, (word, new) in _operators(node):
        start, end = span(left)[1], span(right)[0]
        hit = re.search(rf"(?<![\w*/<>=!]){re.escape(word)}(?![\w*/=])", source[start:end].decode())
        if hit is not None:
            yield start + hit.start(), start + hit.end(), new
    start, end = span(node) if hasattr(node, "lineno") else (0, 0)
    match node:
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=inner):
            yield start, span(inner)[0], ""
        case ast.Constant(value=bool() as value):
            yield start, end, str(not value)
        case ast.Constant(value=int() as value):
            yield start, end, str(value + 1)
        case ast.Constant(value=float() as value) if not 0.0 < value < GUARD:
            yield start, end, repr(value * 1.5 if value else 1.0)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            start, end = span(test)
            yield start, end, f"(not ({source[start:end].decode()}))"
        case ast.Call(func=ast.Name(id=name) as called) if name in NAMED:
            yield *span(called), NAMED[name]
        case ast.Continue():
            yield start, end, "break"
        case ast.Raise() | ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield start, end, "pass"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield *span(value), "None"


def _operators(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST, tuple[str, str]]]:
    """What stands left and right of each operator of a node, the operator and another one."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for one, op, other in zip([left, *others], ops, others, strict=False):
                if not isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) or _counts(one) or _counts(other):
                    yield one, other, COMPARED[type(op)]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in COUNTED and not _texts(left, right):
            yield left, right, COUNTED[type(op)]
        case ast.BoolOp(op=op, values=values):
            yield from ((a, b, JOINED[type(op)]) for a, b in pairwise(values))


def _counts(node: ast.AST) -> bool:
    """Whether this is a whole number for sure: ``<`` and ``<=`` differ."""
    match node:
        case ast.Constant(value=int()) | ast.Call(func=ast.Name(id="len")):
            return True
        case ast.BinOp(left=left, right=right):
            return _counts(left) and _counts(right)
    return False


def _texts(*nodes: ast.AST) -> bool:
    return any(isinstance(n, ast.JoinedStr) or isinstance(getattr(n, "value", None), str) for n in nodes)


_SPARED_CODE = (ast.JoinedStr, ast.Assert, ast.arguments)


def _code_of(node: ast.AST) -> Iterator[ast.AST]:
    """What runs of a node: no annotation, default, import for types, text for people or assertion; that two
    lists are equally long (`strict=True` of a zip) is one."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            types_only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            spared = types_only or isinstance(child, _SPARED_CODE) or getattr(child, "arg", "") == "strict"
            if isinstance(child, ast.AST) and not spared:
                yield child


def draw(seed: int, n: int) -> list[Mutation]:
    """`n` mutations of the core, drawn evenly; a larger `n` begins with the same ones."""
    files = sorted(p for folder in CORE for p in (ROOT / folder).rglob("*.py"))
    names = [p.relative_to(ROOT).as_posix() for p in files]
    every = [
        m for name in names if not SPARED.search(name) for m in mutations(name, (ROOT / name).read_text())
    ]
    random.Random(seed).shuffle(every)  # noqa: S311
    return every[:n]
