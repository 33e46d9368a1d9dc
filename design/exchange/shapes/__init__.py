"""Any shape in: files of other programs made into one closed body with known size and axes.

`files` reads triangles, `axes` finds unit, up, forward and ground, `repair` and `wrap` close the surface,
`prepared` is the whole way with its record.
"""
