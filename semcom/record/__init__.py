"""Run folders: what a run leaves and how it goes on."""
