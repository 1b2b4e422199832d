"""Inference: what pilots and echoes tell."""
