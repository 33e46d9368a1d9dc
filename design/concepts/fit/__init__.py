"""Which body does this picture show, and how well do they agree?

Begin with `body`: `picture`, `segmentation` and `alignment` read the picture, `initial_guess` starts,
`fit` moves the outline by `registration`; `agreement`, `residuals`.
"""
