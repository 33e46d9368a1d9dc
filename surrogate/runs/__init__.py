"""Which simulations are there, and which come next?

`dataset` reads and writes them (`rows` checks each), `plan` chooses designs, `campaign` runs them on any
number of machines, `carry` takes them over to a changed declaration.
"""
