"""What does it say to people, in which language?

`words` are the studio's own texts, `words_names` the names of quantities, ``sentences_zh*`` the engine's
sentences in Chinese.
"""
