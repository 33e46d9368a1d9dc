"""Figures that words stand for, each with its source."""
