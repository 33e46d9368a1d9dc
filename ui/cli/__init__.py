"""How is it used from a terminal?

`main` reads arguments and calls one verb; `tables` shows its result. No logic of its own.
"""
