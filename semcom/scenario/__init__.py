"""Scenario files: what they hold, where they are, what is wrong with them."""
