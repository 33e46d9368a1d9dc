"""How is performance simulated?

One folder a study (`wind_tunnel`); `record` is what a run yields. A study knows nothing of models.
"""
