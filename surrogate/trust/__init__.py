"""How far can an answer be trusted?

`prediction` is an answer with its interval and evidence, `calibration` makes intervals mean what they
say, `validity` says whether the data cover a design.
"""
