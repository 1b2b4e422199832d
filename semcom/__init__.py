"""Semantic communication and ISAC: a YAML scenario in, honest curves out."""
