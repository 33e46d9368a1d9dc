"""What do words mean?

A product's words stand in its family's lexicon, those of any product in `words_en` and `words_zh`.
`phrasebook` compiles both, `grammar` reads a clause, `description` a text; `attributes` says what the words
mean in parameters, `tokenizer` which of them a model has learned.
"""
