"""Whether what a reader holds is what we would send (RFC 9110, 13.1.2). Pure. Owns the reading of `If-None-Match`, not how tags are
made."""

from __future__ import annotations

import re
from typing import Final

_LISTED: Final = re.compile(r'(?:W/)?("[^"\x00-\x20\x7f]*")')


def names(header: str, tag: str) -> bool:
    """Whether an `If-None-Match` header names this entity tag: `*` names any, and a comma may stand inside a tag. The comparison is weak:
    whether a tag says of itself that it is weak (`W/`) makes no difference. What is no tag names nothing."""
    if header.strip() == "*":
        return True
    return tag.removeprefix("W/") in _LISTED.findall(header)
