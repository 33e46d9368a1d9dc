"""What does it say to people, in which language?

`words` are the studio's own texts, `words_names` the names of quantities, `zh_CN.po` the engine's sentences
in Chinese by their ids (:mod:`maquette.design.messages`), which `translate` looks up.
"""
