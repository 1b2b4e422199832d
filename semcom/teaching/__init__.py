"""Making weights: what lacks them, and who teaches."""
