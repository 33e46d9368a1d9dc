"""Predictions of any shape, without parameters.

`numbers` is what the models see of a mesh, `train` makes them from a family's runs, `model` answers with the
domain check, `pressure` tells the pressure on every point of a shape, `pressure_baselines` what it must beat.
"""
