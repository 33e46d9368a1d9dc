"""What proves that a design is what it claims to be?

`manifest` is everything that is claimed, `write` makes the folder and zip of it (`report`, `script`),
`verify` opens a release and computes it again.
"""
