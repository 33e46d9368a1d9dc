"""What does a body look like?

Begin with `views` (pictures) and `drawing` (dimensioned views); `cameras`, `shading`, `backdrop` and
`occlusion` are what they need; `surface_report` and `zebra` show its highlights.
"""
