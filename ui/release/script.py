"""`design.py`: the script in a release that rebuilds its STEP file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...design.family.parameters import check_value
from ...design.family.registry import get_family


def design_script(claimed: Mapping[str, Any]) -> str:
    """Python text with the parameters at the top; it needs Maquette installed.

    Nothing from people goes in but numbers, options by name and, in comments, one line of printable ASCII
    each.
    """
    design = claimed["design"]
    family = get_family(str(design["family"]))
    rows = []
    group = ""
    for parameter in family.parameters:
        if parameter.range.group != group:
            group = parameter.range.group
            rows.append(f"    # {group}")
        value: float | str = check_value(
            parameter.name, parameter.range, design["parameters"][parameter.name]
        )
        by = _comment(str(design["provenance"].get(parameter.name, "default")))
        unit = parameter.range.unit
        kinds = parameter.range.kinds
        span = f"{parameter.range.low:g} to {parameter.range.high:g}{'' if unit == '1' else ' ' + unit}"
        if kinds:
            value, span = kinds[float(value)], ", ".join(kinds.values())
        rows.append(f"    {parameter.name!r}: {value!r},  # {span}; {by}")
    if family.choices:
        rows.append("    # options")
    for choice in family.choices:
        option = choice.option(choice.place(design["parameters"].get(choice.name, choice.default)))
        by = _comment(str(design["provenance"].get(choice.name, "default")))
        rows.append(f"    {choice.name!r}: {option!r},  # {', '.join(choice.choice.options)}; {by}")
    return f'''"""{_comment(family.title)}: rebuilds model.step from its parameters.

Change a number or an option and run: python design.py [FILE.step]
"""

import sys
from pathlib import Path

from maquette import get_family, write_step

FAMILY = {family.name!r}
PARAMETERS = {{
{chr(10).join(rows)}
}}


def main() -> None:
    """Check the parameters, build the exact parts with CadQuery, write the STEP file."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "rebuilt.step")
    family = get_family(FAMILY)
    parts = family.solid(family.accept(PARAMETERS))
    for part in write_step(parts, path, family.title):
        print(f"{{part.name}}: {{part.volume / 1e6:.3f}} litres")
    print(path)


if __name__ == "__main__":
    main()
'''


def _comment(text: str) -> str:
    """One line of printable ASCII that cannot end a comment or a docstring."""
    return "".join(c if " " <= c <= "~" and c not in '"\\' else "_" for c in text)[:80]
