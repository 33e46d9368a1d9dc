"""Chairs: one space from the stool to the armchair, of timber, tube and shells.

Begin with `declaration` (what may be chosen) and `family` (what is offered). `layout` says where a chair's
points lie; `frames`, `backs` and `arms` make its pieces of the shapes `bent`, `stick`, `sheet` and `shell`,
each built as triangles and as an exact solid from the same numbers. `rules` and `measures` judge it;
`lexicon` holds its words.
"""

from .family import Chair

__all__ = ["Chair"]
