"""What do the runs say about designs that were not simulated?

Begin with `surrogate` (load, predict, explain); `train` makes it from runs by the `gaussian_process`,
`store` and `card` keep it; `differentiable` and `slopes` say which way to move, `push_pull` where on the
body. `table` learns from anybody's table instead of runs.
"""
