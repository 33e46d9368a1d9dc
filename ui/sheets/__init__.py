"""How do sketches become a sheet of concepts with bodies?

`artists` say who draws and `sketching` draws, `bodies` finds each sketch's body, `sheet` and `page` show
them; `stage` and `follow` choose the one that a design follows.
"""
