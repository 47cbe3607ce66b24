"""The address at which GitHub Pages publishes a repository."""

from __future__ import annotations

import re

VARIABLE = "PAGES_REPOSITORY"
"""The environment variable in which the workflow names the repository, as ``owner/name``."""


def derive_address(repository: str) -> str:
    """Return the address, which ends with a slash; empty for what is not ``owner/name``."""
    found = re.fullmatch(r"([A-Za-z0-9-]+)/([A-Za-z0-9._-]+)", repository)
    if not found:
        return ""
    host = f"{found[1].lower()}.github.io"
    return f"https://{host}/" if found[2].lower() == host else f"https://{host}/{found[2]}/"
