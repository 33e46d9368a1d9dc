"""What are the networks of the concept model?

`networks` holds all five, made of `blocks` and trained by `flow` matching; `options` are the columns by
which the drawer is told of named choices.
"""
