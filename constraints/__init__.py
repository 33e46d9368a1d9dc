"""What must hold, does it hold, and which design makes it hold?

`requirements` reads briefs and judges one design by them; `search` looks through thousands for those that
pass, and says why none does.
"""
