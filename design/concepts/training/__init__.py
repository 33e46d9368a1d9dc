"""How is a family's concept model trained?

Begin with `train`, one resumable command: `data` and `shards` are what is learned from, `tasks` what is
learned, `loop` how, `export` and `card` what is kept.
"""
