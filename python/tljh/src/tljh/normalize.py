"""Names of Unix accounts."""

import hashlib

LONGEST_KEPT = 26


def generate_system_username(username: str) -> str:
    """
    A name that fits the 32 characters of a Unix account.

    Below 26 characters it stays as it is; a longer one is cut there, and told apart by
    the first five digits of its SHA-256.
    """
    if len(username) < LONGEST_KEPT:
        return username
    digest = hashlib.sha256(username.encode("utf-8")).hexdigest()
    return f"{username[:LONGEST_KEPT]}-{digest[:5]}"
