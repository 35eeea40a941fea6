"""Whether a client already has what it asks for: ETag and Last-Modified against a request's conditions.

Owns RFC 9110 §13, as far as a GET needs it. Pure; refuses to know how headers arrive.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def etag(body: bytes) -> str:
    """A strong validator: the same bytes, and only they, have the same one."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def http_date(moment: datetime) -> str:
    """`Fri, 14 Mar 2025 07:30:00 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def unchanged(tag: str, modified: datetime | None, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether 304 is the answer. If-None-Match, where given, decides alone; a date that cannot be read counts as not given."""
    if if_none_match is not None:
        return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)
    if if_modified_since is None or modified is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return modified.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))
