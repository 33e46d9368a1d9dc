"""How is performance simulated?

`contract` says what a study offers (outputs, fidelities, a problem, a run), `registry` finds it,
`conformance` checks it; `record` is what a run yields. One folder a study (`wind_tunnel`, `structure`). A
study knows nothing of models.
"""
