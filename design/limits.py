"""Every bound on a count, size, time or tolerance in one place, each with its reason.

Inputs come from people and files: nothing they say may make a loop, an allocation or a wait unbounded.
"""

from __future__ import annotations

# -- what people may ask for ----------------------------------------------------------------------
MAX_SAMPLES = 100_000  # designs in one `sample`: at 10 ms each, about a quarter of an hour
MAX_TRIALS = 100_000  # search trials in one `optimise` or `design`
MAX_RUNS = 100_000  # CFD runs in one campaign plan
MAX_WORKERS = 64  # processes on one machine
MAX_PICTURES = 256  # concept pictures in one call: four sheets of 64
MAX_PICTURE_STEPS = 1_000  # denoising steps of one picture: what schedulers are trained with
PICTURE_SIDE = (64, 2_048)  # pixels: each side of a picture that a diffusers model draws, a multiple of 16
PATIENCE_RANGE = (0.1, 1_000.0)  # factor on limits on time: a quick machine in tests, a very slow one
LAST_SECOND = 253_402_300_799  # of the year 9999, the last that Python's calendar has
MAX_SEED = 2**32 - 1  # what NumPy's and Optuna's generators both take

# -- what we read ---------------------------------------------------------------------------------
MAX_PROMPT_CHARS = 2_000  # a brief in words: a long paragraph
MAX_MODEL_JSON_BYTES = 50_000_000  # a tokenizer's vocabulary takes 20 MB, everything else is kilobytes
MAX_STEP_BYTES = 200_000_000  # a released body is some megabytes
MAX_SHAPE_BYTES = 600_000_000  # a scan of ten million triangles as binary STL
MAX_SHAPE_TRIANGLES = 10_000_000  # of a shape that is read: a minute of repairs
MAX_TABLE_BYTES = 200_000_000  # a table of a million numbers is some 20 MB
MAX_TABLE_ROWS = 200_000  # rows of a table: beyond, training takes hours on two cores
MAX_TABLE_COLUMNS = 2_000
MIN_TABLE_ROWS = 12  # below, holding rows out says nothing
MAX_PICTURE_BYTES = 50_000_000  # a large scan is some megabytes
MAX_PICTURE_PIXELS = 40_000_000  # 8000 x 5000: decoded it takes 120 MB, and 480 MB as floats
MAX_OPENED_PIXELS = 250_000_000  # phones take up to 200 million: decoded 750 MB, at once reduced
MIN_PICTURE_SIDE = 48  # pixels: below, a wheel is three pixels wide

# -- time given to a worker process, seconds ------------------------------------------------------
BUILD_SECONDS = 600.0  # one call of the kernel, which can hang: seconds when healthy, minutes when starved

# -- tolerances of geometry -----------------------------------------------------------------------
HULL_RELATIVE = 0.005  # fast mesh against exact hull: volume and frontal area
LIMIT_MM = 0.5  # box of all parts against the stated lengths: what a reviewer may find and not object to
BOX_NOISE_MM = 0.25  # of that, how far an exact part's box may lie off a stated length that it stands for
HULL_INSIDE_MM = 8.0  # how far the hull may stay inside the box of all parts, at the nose
HULL_BOX_MM = 2.0  # fast mesh against exact hull: each side of the bounding box
GROUND_MM = 0.01  # how far below the ground a vertex may lie: rounding
ASYMMETRY = 1e-4  # share of the hull's volume without a mirror image: rounding of a boolean's vertices
LEAST_DRAWN = 0.15  # share of a drawing's width or height that a body fills at least: 60 of 384 pixels
TESSELLATION_MM = 0.5  # chord error when an exact solid is measured through triangles
TESSELLATION_RAD = 0.5  # angle between facets where the radius is too small for the chord to matter
INTEGRATION_RELATIVE = 1e-5  # error that the kernel's adaptive integration of volume and area aims at
SUM_RELATIVE = 1e-9  # a measure against the sum of parameters that it says it is: rounding
STEP_RELATIVE = 1e-6  # volume and area across a STEP round trip (the same B-splines in decimal text)
#: uniform draws that a family's rules must accept: two draws for a design; the car's ranges, which go from
#: coupe to one-box, keep 51 % (half of the others have a bonnet below the arches)
MIN_ACCEPTED_SHARE = 0.5

# -- what we write --------------------------------------------------------------------------------
MIN_FREE_BYTES = 64_000_000  # asked of the output's disk before long work starts: a release is some megabytes
