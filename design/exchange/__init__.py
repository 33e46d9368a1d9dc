"""How does a body leave the house, and come back?

`exact` builds the exact body of a design; `step` writes and reads STEP AP242; `export` writes GLB, STL
and what else other programs open.
"""
