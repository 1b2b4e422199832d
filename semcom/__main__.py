"""`python -m semcom` is `semcom`."""

from semcom.cli.main import main

if __name__ == "__main__":
    main()
