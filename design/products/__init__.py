"""Which products are there?

One folder or module each (`car`, `ahmed`), registered in the entry-point group ``maquette.families``.
What is particular to a product stands here and nowhere else.
"""
