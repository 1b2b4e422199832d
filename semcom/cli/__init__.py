"""The command line; only it prints."""
