"""What are a body's surfaces and solids, and what do they measure?

Begin with `mesh` (triangles in milliseconds) and `solid` (the exact parts); `worker` runs the CAD kernel
in processes that can be killed; ``surface_*`` judge how smooth the exact faces are.
"""
