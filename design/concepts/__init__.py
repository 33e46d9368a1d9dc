"""How do words and numbers become sketches, and sketches bodies?

`artist` draws a body as a designer would; `networks` and `generate` draw from words and numbers, trained
by `training`; `fit` finds the body that a picture shows; `hub` runs any diffusers model in place of ours.
"""
