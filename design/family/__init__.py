"""What does a product declare, so that everything else works with it?

Begin with `contract` (what a family is) and `parameters` (one declaration a parameter); `records` is a
design as it travels, `lexicon` what words mean for a product; `registry` finds families, `conformance`
checks one, ours or yours.
"""
