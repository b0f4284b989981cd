"""`python -m tljh.installer` is `tljh install`."""

import os
import sys

from tljh.config import program


def main(argv: list[str] | None = None) -> None:
    """Become the program."""
    arguments = sys.argv[1:] if argv is None else argv
    path = program("tljh")
    try:
        os.execv(path, [path, "install", *arguments])
    except OSError as error:
        sys.exit(
            f"{path} cannot be run: {error.strerror}. "
            "Run the bootstrap command of the installation again."
        )


if __name__ == "__main__":
    main()
