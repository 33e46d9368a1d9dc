"""What do words mean?

Numbers and limits: `tokens`, `numerals` and `units`, then `amounts`, `clauses` and `limits` (`comparing`,
`naming`), one grammar for the words of `relations_en` and `relations_zh`. Looks: `phrasebook` compiles a
family's lexicon with `words_en` and `words_zh`, `grammar` reads a clause, `description` a text; `attributes`
says what the words mean in parameters, `tokenizer` which of them a model has learned.
"""
