"""Concept sketches: words and numbers to pictures, and pictures to bodies."""
