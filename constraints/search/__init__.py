"""Which designs meet a brief, and why does none?

Begin with `search`: the `space` that is open, designs by `propose` and `loop`, each judged by `evaluate`
and kept in a `study`; `front` and `explain` read what was found.
"""
