"""What do words mean?

`words_en` and `words_zh` are the words as data; `phrasebook` compiles them, `grammar` reads a clause,
`description` a text; `attributes` and `moods` say what the words mean in parameters.
"""
