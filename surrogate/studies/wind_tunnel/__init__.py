"""What is the drag of a closed body?

Begin with README.md, `recipe` (every number) and `simulate` (mesh in, coefficients out); `problem` puts a
family's design into it; `bench` says which recipes give numbers that hold.
"""
