"""The shape model's card, written from its record alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...trust.prediction import COVERAGE
from ..card import CARD_NAME, markdown_table


def write_card(info: Mapping[str, Any], folder: Path) -> Path:
    """Write the card beside the model."""
    path = folder / CARD_NAME
    path.write_text(card(info), encoding="utf-8")
    return path


def card(info: Mapping[str, Any]) -> str:
    """The card in Markdown."""
    family, limits = info["family"], info["limits"]
    parts = [
        f"# Shape model of the {family} family",
        f"Predicts {', '.join(n.replace('_', ' ') for n in info['outputs'])} of any closed mesh as the "
        f"study `{info['study']}` would give them at `{info['fidelity']}`, from {len(info['numbers'])} "
        "numbers of the mesh (sizes, section areas, widths, centreline, moments of volume); no parameters.",
        f"Made by `{info['command']}` in {info['train_seconds']:.0f} s. All numbers are in `model.json`.",
        "## Data",
        f"{len(info['runs'])} runs of {family} designs, recipe {', '.join(info['recipes'])}; their hulls are "
        f"made again from their parameters. SHA-256 of the runs: `{info['data_sha256']}`.",
        "## Accuracy on designs held out",
        f"{info['folds']} folds of whole designs; the interval of each is judged by the errors of the other "
        "folds. The answer is the mean of the members.",
        _scores(info),
        "## Surface pressure",
        _pressure(info),
        "## Inside or outside",
        "A shape is outside when its length, height, width, clearance or height of tail lies beyond the "
        "runs', when the runs' own directions do not explain its numbers, or when its nearest runs are too "
        "far away. Moreover the nearest body of the family must leave less over than neighbouring runs "
        f"differ by ({100 * limits['neighbours_apart']:.2f} % of the length, root mean square), and the "
        "answer for that body must agree with the shape's own within their intervals. With a kind left out:",
        _left_out(info),
        "## Known limits",
        "The runs are of this family's bodies only: a shape of another kind is refused, not predicted. The "
        "study is the truth here, with its own error against experiments; what the wind tunnel leaves out "
        "(cooling air, rotating wheels, underbody detail) is left out here, too.",
        "## Made with",
        f"Weights `{info['weights_sha256']}`, seed {info['seed']}. Apache-2.0, from our own simulations.",
    ]
    return "\n\n".join(parts) + "\n"


def _scores(info: Mapping[str, Any]) -> str:
    rows = []
    for name, about in info["outputs"].items():
        rows.append(
            (
                name,
                "**ours**",
                *_of(about),
                f"{about['coverage']:.0%} of {about['rows']}",
                f"± {about['half_width']:.3f}",
            )
        )
        rows += [(name, m, *_of(s), "", "") for m, s in about["members"].items()]
        rows += [(name, f"baseline: {b}", *_of(s), "", "") for b, s in about["baselines"].items()]
    head = ("quantity", "model", "R²", "MAE", f"covered ({COVERAGE:.0%} meant)", "interval")
    return markdown_table(head, rows)


def _of(score: Mapping[str, float]) -> tuple[str, str]:
    return f"{score['r2']:.3f}", f"{score['mae']:.4f}"


def _pressure(info: Mapping[str, Any]) -> str:
    found = info["pressure"]
    if not found:
        return "Too few runs kept theirs."
    rows = [(name, f"{value:.3f}") for name, value in found["relative_l2"].items()]
    text = f"Relative L2 error on the surfaces of {found['runs']} designs held out, by area:"
    return text + "\n\n" + markdown_table(("from", "relative L2"), rows)


def _left_out(info: Mapping[str, Any]) -> str:
    rows = [
        (name, str(g["of"]), f"{g['refused']:.0%}", f"{g['ordinary_refused']:.0%}")
        for name, g in info["groups_left_out"].items()
    ]
    return markdown_table(("left out", "designs", "of these refused", "of ordinary held out refused"), rows)
