"""What do words mean?

A text is read once: `tokens`, `numerals`, `units` and `amounts` make phrases of it by one table (`clauses`):
`relations_en`, `relations_zh` and a family's looks (`looks`, `words_en`, `words_zh`). `limits` (`comparing`,
`naming`) links the numbers; `grammar` (`seen`) reads the looks, for the body and the sketch alike;
`description` is the sketch's form of them, `attributes` what they mean in parameters, `tokenizer` which of
them a model has learned.
"""
