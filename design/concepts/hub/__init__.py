"""How does any diffusers model draw in place of ours?

`model` loads and draws, `folder` looks at a model before anything of it is run, `cost` says what it will
cost, `control` draws what a ControlNet follows.
"""
