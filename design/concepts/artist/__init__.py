"""Drawings of a body as a designer would sketch it, made from its fast mesh."""
