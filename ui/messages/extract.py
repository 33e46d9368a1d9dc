"""What the code says, found in its source: every literal given to ``say`` or ``marked``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).parents[2]
LAYERS = ("design", "surrogate", "constraints", "ui")
CALLS = ("say", "marked")


def sources() -> list[Path]:
    """Every module of the package."""
    return sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py"))


def said_in(path: Path) -> Iterator[tuple[str | None, int]]:
    """Templates in a module with their lines; None where a template is no literal.

    Counted are the functions of ``design.messages`` by their own names, and as ``messages.say``.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("messages")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _says(node.func, imported):
            for literal in _branches(node.args[0]):
                yield literal, node.lineno


def _says(function: ast.expr, imported: set[str]) -> bool:
    if isinstance(function, ast.Attribute):
        owner = function.value
        return isinstance(owner, ast.Name) and owner.id == "messages" and function.attr in CALLS
    return isinstance(function, ast.Name) and function.id in imported and function.id in CALLS


def _branches(node: ast.expr) -> Iterator[str | None]:
    """A literal, or the literals of a conditional expression."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def extracted() -> dict[str, tuple[str, int]]:
    """Templates of the whole package with the first place that says each."""
    found: dict[str, tuple[str, int]] = {}
    for path in sources():
        for literal, line in said_in(path):
            if literal is not None:
                found.setdefault(literal, (path.relative_to(ROOT).as_posix(), line))
    return found


def fields_of(template: str) -> set[str]:
    """Names of a template's fields."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
