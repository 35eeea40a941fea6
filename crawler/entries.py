"""Entries: what a feed, of whatever format, or an interface states of each post, made into sightings.

Owns the rules that hold for all formats: which of the stated addresses is the post's, which identity is to be believed, what becomes of its
text. It refuses to know formats (`feeds`, `json_feed` and `rest` read them into `Stated`), and what the store already holds. Everything
that leaves is plain text or an http(s) address.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from crawler.authors import clean_authors
from crawler.dois import dois_in
from crawler.fulltext import for_members, is_complete, without_footer
from crawler.hosts import hosts_of, same_site
from crawler.language import language_of
from crawler.parsed import Context, Entry, ParsedFeed
from crawler.plain import one_line, plain_text, with_marks
from luciole.article import Sighting
from luciole.marks import neutral, prose
from luciole.urls import url_key

_UNSEEN: Final = re.compile("[\x00-\x20\x7f-\xa0\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What an address shown to somebody must not hold as it is: it would speak to a terminal, or reorder the words around it."""

_LONGEST_ADDRESS: Final = 2083
_PICTURE: Final = re.compile(r"<img\b([^<>]*)>", re.IGNORECASE)
_PICTURES: Final = 10
"""Pictures of a text among which the lead image is looked for."""

_SOURCE: Final = re.compile(r"(?<![\w-])src\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_NO_LEAD: Final = re.compile(
    r"\b(latex|emoji|smiley|smilies|avatar|gravatar|wp-smiley)\b|(?<![\w-])(width|height)\s*=\s*[\"']?[0-9]{1,2}(?![0-9%])", re.IGNORECASE
)
"""Marks of pictures that are formulas, faces or counters: their class, or a side below a hundred pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one entry says of itself, believed by nobody yet.

    `addresses` are absolute http(s) addresses, best first, each once (`absolute` makes them); `guid` its identifier; `title` may hold tags
    and entities, and so may `markup` unless it is `plain`. `from_content`: the text stands in a place made for whole posts; `summarised`:
    the entry gives a summary beside it. `names` are the authors as written; `images` absolute addresses of lead images, best first.
    """

    addresses: tuple[str, ...] = ()
    guid: str = ""
    title: str = ""
    markup: str = ""
    plain: bool = False
    from_content: bool = False
    summarised: bool = False
    names: tuple[str, ...] = ()
    published: datetime | None = None
    language: str | None = None
    images: tuple[str, ...] = ()


def gathered(blog: str, stated: Sequence[Stated], context: Context) -> ParsedFeed:
    """The entries as sightings, in their order; `blog` is the title of what they stand in.

    Entries without a usable address (none, one that several posts share, or one on a host that is neither the blog's nor that of the
    answer) are counted in `skipped`. When none is usable, `problem` says why.
    """
    hosts = hosts_of(context)
    guids = _usable_guids(stated, context)
    common = _common_addresses(stated, context)
    parsed: list[Entry] = []
    foreign: Counter[str] = Counter()
    for entry, guid in zip(stated, guids, strict=True):
        addresses = [address for address in entry.addresses if url_key(address) not in common]
        url = next((address for address in addresses if same_site(address, hosts) or context.source_type == "podcast"), None)
        if url is None:
            foreign.update([urlsplit(address).hostname or "" for address in addresses[:1]])
            continue
        parsed.append(_entry(entry, url, guid, addresses, blog, context))
    problem = ""
    if not parsed and any(entry.addresses for entry in stated) and not foreign:
        problem = "les billets de ce fil n’ont pas d’adresse à eux"
    elif not parsed and foreign:
        problem = f"toutes les adresses de ce fil mènent à un autre site ({foreign.most_common(1)[0][0][:100]})"
    return ParsedFeed(title=blog, entries=tuple(parsed), skipped=len(stated) - len(parsed), problem=problem)


def absolute(address: str, base: str, context: Context) -> str:
    """The absolute form of an address, or "" when it is not http(s) or makes no sense. `base` may itself be relative, or ""."""
    try:
        joined = urljoin(urljoin(context.url, base.strip()), "".join(address.split("\n")).strip())
        url_key(joined)
    except ValueError:
        return ""
    joined = _UNSEEN.sub(lambda found: quote(found[0]), joined)
    return joined.partition("#")[0] if "#!" not in joined else joined


def next_page(candidates: Iterable[str], context: Context) -> str:
    """The first candidate that is another address than the one being read, on the same site; "" without one."""
    hosts = hosts_of(context)
    joined = (absolute(candidate, "", context) for candidate in candidates if candidate.strip())
    here = {_key(context.url), _key(context.requested)}
    return next((address for address in joined if address and same_site(address, hosts) and _key(address) not in here), "")


def stated_count(text: str) -> int | None:
    """A number of posts or pages as a header or an element states it: nothing but digits, at most nine."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _entry(entry: Stated, url: str, guid: str | None, addresses: list[str], blog: str, context: Context) -> Entry:
    markup = entry.markup
    text = without_footer(with_marks(neutral(markup)) if entry.plain else plain_text(markup))
    podcast = context.source_type == "podcast"
    complete = podcast or is_complete(text, markup, from_content=entry.from_content, summarised=entry.summarised)
    title = one_line(entry.title)
    hosts = hosts_of(context)
    also = [address for address in addresses if address != url and same_site(address, hosts)]
    if guid is None:  # what the whole feed repeats names no post
        also = [address for address in also if address != absolute(entry.guid, "", context)]
    images = [image for image in entry.images if image and not _NO_LEAD.search(image)] or _pictures(entry, url, context)
    sighting = Sighting(
        source_id=context.source_id,
        url=url,
        seen_at=context.now,
        title=title,
        named_by="feed",
        authors=clean_authors(entry.names, context.source_name, blog),
        published=entry.published,
        published_basis="feed" if entry.published else None,
        language=language_of(f"{title}\n{prose(text)}") or entry.language or context.language,
        text=text,
        text_basis="feed" if complete else "summary",
        dois=dois_in(markup),
        image=next((image for image in images if len(image) <= _LONGEST_ADDRESS), None),
        members_only=for_members(text),
        guid=guid,
        also=tuple(dict.fromkeys(also)),
    )
    return Entry(sighting=sighting, complete=complete)


def _pictures(entry: Stated, url: str, context: Context) -> list[str]:
    """The first picture of the text that is one: no formula, no face, no counter."""
    if entry.plain:
        return []
    for number, picture in enumerate(_PICTURE.finditer(entry.markup)):
        attributes = picture[1][:4000]
        source = _SOURCE.search(attributes)
        if source and not _NO_LEAD.search(attributes):
            address = absolute(html.unescape(source[1] or source[2] or source[3] or ""), url, context)
            if address and _key(address) != _key(url):
                return [address]
        if number == _PICTURES:
            break
    return []


def _usable_guids(stated: Sequence[Stated], context: Context) -> list[str | None]:
    """The guid of every entry, None where the feed gives it to several posts, or where it is the blog's own address."""
    posts: dict[str, set[str]] = {}
    for entry in stated:
        own = next((url_key(address) for address in entry.addresses if address.rstrip("/") != entry.guid.rstrip("/")), "")
        posts.setdefault(entry.guid, set()).add(own)
    home = _key(context.source_url)
    return [entry.guid if entry.guid and len(posts[entry.guid]) == 1 and _key(entry.guid) != home else None for entry in stated]


def _common_addresses(stated: Sequence[Stated], context: Context) -> frozenset[str]:
    """Keys of addresses that name no post: the home page, the feed itself, and what entries of different titles and guids all lead to."""
    posts: dict[str, set[tuple[str, str]]] = {}
    for entry in stated:
        for key in {url_key(address) for address in entry.addresses}:
            posts.setdefault(key, set()).add((one_line(entry.title), entry.guid))
    # An entry given twice, renamed or with a new guid, differs in one of the two.
    common = (key for key, named in posts.items() if all(len(set(marks)) > 1 for marks in zip(*named, strict=True)))
    return frozenset([_key(context.source_url), _key(context.url), _key(context.requested), *common])


def _key(address: str) -> str:
    """`url_key`, or "" for what is no address."""
    try:
        return url_key(address)
    except ValueError:
        return ""
