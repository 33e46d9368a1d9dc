"""What must hold, does it hold, and which design makes it hold?

Reading order: :mod:`quantity` and :mod:`requirement` (the records); :mod:`brief` (files) and :mod:`sentence`
(English, with :mod:`tokens`, :mod:`phrases`, :mod:`amounts`, :mod:`wishes`; the words are in :mod:`lexicon`
and :mod:`vocabulary`); :mod:`margins` and :mod:`assess` (one design); :mod:`search` (many: :mod:`space`,
:mod:`evaluate`, :mod:`propose`, :mod:`loop`, :mod:`study`, :mod:`workers`); :mod:`explain` (why none passes).
"""
