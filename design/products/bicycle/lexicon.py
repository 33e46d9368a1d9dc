"""stub"""
from ...family.lexicon import Lexicon, plain_lexicon
LEXICON = plain_lexicon("bicycle", (), (), ())
