"""How would a designer draw this body?

`camera` and `buffers` see the body, `strokes` and `styles` draw it, `palettes` colour it; `draw` puts
them together in the `frame` that every drawing shares.
"""
