"""What do words mean?

A text is read once: `tokens`, `numerals`, `units` and `amounts` make phrases of it by one table (`clauses`), of
the words of `relations_en` and `relations_zh` and of a family's looks (`looks`, with `words_en` and `words_zh`).
Numbers are then `limits` (`comparing`, `naming`), looks are read by `grammar` (`seen`) for the body and the
sketch alike; `description` has the sketch's form of them, `attributes` what they mean in parameters, `tokenizer`
which of them a model has learned.
"""
