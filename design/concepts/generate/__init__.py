"""How is a sketch drawn from words and numbers?

Begin with `pipeline`: it reads a `request`, samples concepts (`sampling`, steered by `guidance`,
`targets`, `locks`), keeps those that are true (`acceptance`) and draws them.
"""
