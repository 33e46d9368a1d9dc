"""How is one quantity learned?

`kernel` is the covariance over features and mesh levels, `process` predicts, `fit` finds its numbers,
`select` chooses by cross-validation, `train_quantity` does all of it.
"""
