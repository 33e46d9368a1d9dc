"""``python -m maquette.ui.messages [--write]``: does the catalogue hold what the code says, and nothing else?

With ``--write`` new ids are added to the catalogue without a translation, and those that nobody says leave.
"""

from __future__ import annotations

import sys

from .check import complaints, refresh
from .translate import CATALOGUES


def main(argv: list[str] | None = None) -> int:
    """Print what is wrong with each catalogue; 1 when anything is."""
    words = sys.argv[1:] if argv is None else argv
    found = []
    for language, path in CATALOGUES.items():
        if "--write" in words:
            refresh(path)
        found += [f"{path.name}: {text}" for text in complaints(language)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
