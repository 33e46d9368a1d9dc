"""How does it perform, and how sure are we?

`studies` simulate; `runs` keeps and plans simulations, `rounds` keeps a campaign going; `models` learn
from them; `trust` says how sure an answer is and whether the data cover it.
"""
