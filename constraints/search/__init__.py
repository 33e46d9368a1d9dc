"""Which designs meet a brief, and why does none?

Begin with `search`: the `space` that is open, an Optuna study in `loop`, designs by `designs` and `propose`
(our `sampler`) or by any other of `samplers`, each judged by `evaluate` and kept in a `study`. `front`,
`conflict`, `explain` and `prices` read what was found.
"""
