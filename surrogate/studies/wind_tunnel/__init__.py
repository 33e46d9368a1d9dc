"""Which way to run the wind tunnel gives numbers that hold: cases, the bench, and its table."""
