"""From the files of `blogs/` to Blog values.

Owns the format of the content: `blog.yaml`, front matter, Markdown bodies, and the `{{blog:slug}}` links between articles. Refuses to
know how a platform shows an article; of the platforms it only asks for the permalink rule. Every fault of every file is reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from demo.blog import Blog, Post, blog_url
from demo.formulas import keep_math
from demo.papers import fault
from demo.permalinks import PERMALINKS

BLOGS = Path(__file__).parent / "blogs"

_BLOG_KEYS = frozenset({"id", "name", "platform", "tagline", "disciplines", "type", "country", "licence", "authors", "why", "about"})
_POST_KEYS = frozenset({"title", "slug", "date", "author", "tags", "lang", "summary"})
_OPTIONAL_POST_KEYS = frozenset({"dois", "repost_of"})
_FILE = re.compile(r"(?P<number>\d+)-[a-z0-9-]+\.md\Z")
_FRONT = re.compile(r"---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_LINK = re.compile(r"\{\{(?P<blog>[a-z0-9-]+):(?P<slug>[a-z0-9-]+)\}\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CITED = re.compile(r"https://doi\.org/(?P<doi>(?:[^\s()<>]|\([^\s()<>]*\))+)")


class ContentError(Exception):
    """The content of the demo is not as agreed; `problems` has one sentence for each fault, with the file it is in."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article as read: its Markdown may still link to articles of blogs that were not read yet."""

    where: str
    number: int
    front: Mapping[str, Any]
    markdown: str


def load(directory: Path = BLOGS, *, port: int = 8001) -> tuple[Blog, ...]:
    """All blogs below `directory`, sorted by id, with links as they are when the demo is served on `port`.

    Raises `ContentError` with every fault found: unknown or missing keys, wrong types, a slug or number used twice, a date without
    offset, a DOI that is neither fictitious nor one of the papers we know, a link to an article that does not exist, a repost of one.

    A post with `repost_of: "blog:slug"` has no body of its own: it repeats that article word for word, as blogs do, and what it cites.
    """
    problems: list[str] = []
    fronts: dict[str, Mapping[str, Any]] = {}
    drafts: dict[str, list[_Draft]] = {}
    for home in sorted(path.parent for path in directory.glob("*/blog.yaml")):
        front = _read_blog(home, problems)
        if front is not None:
            fronts[home.name] = front
            drafts[home.name] = _read_posts(home, front, problems)
    if not fronts and not problems:
        problems.append(f"{directory}: no blog.yaml below")
    if problems:
        raise ContentError(problems)
    addresses = {
        f"{blog_id}:{draft.front['slug']}": blog_url(blog_id, port) + _permalink(fronts[blog_id], draft)
        for blog_id, articles in drafts.items()
        for draft in articles
    }
    originals = {
        f"{blog_id}:{draft.front['slug']}": draft
        for blog_id, articles in drafts.items()
        for draft in articles
        if "repost_of" not in draft.front
    }
    markdown = MarkdownIt("commonmark", {"html": False}).use(keep_math)
    blogs = tuple(_blog(front, drafts[key], originals, addresses, markdown, port, problems) for key, front in fronts.items())
    if problems:
        raise ContentError(problems)
    return blogs


def _permalink(blog: Mapping[str, Any], draft: _Draft) -> str:
    return PERMALINKS[blog["platform"]](draft.number, draft.front["slug"], draft.front["date"])


def _read_blog(home: Path, problems: list[str]) -> Mapping[str, Any] | None:
    where = f"{home.name}/blog.yaml"
    front = _mapping(where, (home / "blog.yaml").read_text(encoding="utf-8"), problems)
    if front is None:
        return None
    before = len(problems)
    _check_keys(where, front, _BLOG_KEYS, frozenset(), problems)
    for key in sorted(_BLOG_KEYS - {"disciplines", "authors"}):
        _check_text(where, front, key, problems)
    for key in ("disciplines", "authors"):
        _check_texts(where, front, key, problems)
        if not front.get(key):
            problems.append(f"{where}: {key} is empty")
    if front.get("id") != home.name:
        problems.append(f"{where}: id must be the directory's name, {home.name!r}")
    if front.get("platform") not in PERMALINKS:
        problems.append(f"{where}: unknown platform {front.get('platform')!r}; known: {', '.join(sorted(PERMALINKS))}")
    return front if len(problems) == before else None


def _read_posts(home: Path, blog: Mapping[str, Any], problems: list[str]) -> list[_Draft]:
    drafts: list[_Draft] = []
    seen: dict[object, str] = {}
    for path in sorted((home / "articles").glob("*.md")):
        where = f"{home.name}/articles/{path.name}"
        name, text = _FILE.match(path.name), _FRONT.match(path.read_text(encoding="utf-8"))
        if name is None or text is None:
            problems.append(f"{where}: must be named NN-slug.md and begin with front matter between two lines ---")
            continue
        front = _mapping(where, text["front"], problems)
        before = len(problems)
        if front is None or not _check_post(where, front, text["body"], blog, problems):
            continue
        for unique in (int(name["number"]), front["slug"]):
            if unique in seen:
                problems.append(f"{where}: {unique!r} is taken by {seen[unique]}")
            seen[unique] = where
        if len(problems) == before:
            drafts.append(_Draft(where, int(name["number"]), front, text["body"]))
    return drafts


def _check_post(where: str, front: Mapping[str, Any], body: str, blog: Mapping[str, Any], problems: list[str]) -> bool:
    before = len(problems)
    _check_keys(where, front, _POST_KEYS, _OPTIONAL_POST_KEYS, problems)
    for key in ("title", "slug", "author", "lang", "summary"):
        _check_text(where, front, key, problems)
    for key in ("tags", "dois"):
        _check_texts(where, front, key, problems)
    if not _SLUG.match(str(front.get("slug"))):
        problems.append(f"{where}: slug {front.get('slug')!r} is not made of lower-case ASCII words and hyphens")
    date = front.get("date")
    if not isinstance(date, datetime) or date.tzinfo is None:
        problems.append(f"{where}: date {date!r} is not a time with an offset, such as 2025-03-14T08:30:00+01:00")
    if front.get("author") not in blog["authors"]:
        problems.append(f"{where}: author {front.get('author')!r} is not in the authors of blog.yaml")
    _check_dois(where, list(front.get("dois") or ()), body, problems)
    if "repost_of" in front:
        _check_text(where, front, "repost_of", problems)
    if bool(body.strip()) is ("repost_of" in front):
        problems.append(f"{where}: no text" if not body.strip() else f"{where}: a repost with a text of its own")
    if _CONTROL.search(body):
        problems.append(f"{where}: a control character in the text")
    return len(problems) == before


def _check_dois(where: str, dois: list[object], body: str, problems: list[str]) -> None:
    """The front matter names exactly what the body cites."""
    cited = {match["doi"] for match in _CITED.finditer(body)}
    for doi in map(str, dois):
        if wrong := fault(doi):
            problems.append(f"{where}: DOI {doi!r} is {wrong}")
        elif doi not in cited:
            problems.append(f"{where}: the body does not cite https://doi.org/{doi}")
    problems.extend(f"{where}: cites https://doi.org/{doi}, which is not in dois" for doi in sorted(cited - set(map(str, dois))))


def _blog(
    front: Mapping[str, Any],
    drafts: list[_Draft],
    originals: Mapping[str, _Draft],
    addresses: Mapping[str, str],
    markdown: MarkdownIt,
    port: int,
    problems: list[str],
) -> Blog:
    posts = [_post(draft, originals, addresses, markdown, problems) for draft in drafts]
    return Blog(
        id=front["id"],
        url=blog_url(front["id"], port),
        name=front["name"],
        platform=front["platform"],
        tagline=front["tagline"],
        disciplines=tuple(front["disciplines"]),
        type=front["type"],
        country=front["country"],
        licence=front["licence"],
        authors=tuple(front["authors"]),
        why=front["why"],
        about=" ".join(front["about"].split()),
        posts=tuple(sorted(posts, key=lambda post: (post.published, post.number), reverse=True)),
    )


def _post(draft: _Draft, originals: Mapping[str, _Draft], addresses: Mapping[str, str], markdown: MarkdownIt, problems: list[str]) -> Post:
    def address(link: re.Match[str]) -> str:
        key = f"{link['blog']}:{link['slug']}"
        if key not in addresses:
            problems.append(f"{draft.where}: links to {key}, which does not exist")
        return addresses.get(key, "")

    front, repeated = draft.front, draft.front.get("repost_of", "")
    source = originals.get(repeated, draft)
    if repeated and source is draft:
        problems.append(f"{draft.where}: a repost of {repeated}, which does not exist or is a repost")
    return Post(
        number=draft.number,
        slug=front["slug"],
        title=front["title"],
        published=front["date"],
        author=front["author"],
        tags=tuple(front["tags"]),
        lang=front["lang"],
        summary=" ".join(front["summary"].split()),
        dois=tuple(source.front.get("dois") or ()),
        body=str(markdown.render(_LINK.sub(address, source.markdown))).strip(),
        repost_of=repeated,
    )


def _mapping(where: str, text: str, problems: list[str]) -> Mapping[str, Any] | None:
    try:
        value = yaml.load(text, Loader=_LOADER)  # noqa: S506  (both loaders are safe ones)
    except yaml.YAMLError as error:
        problems.append(f"{where}: not YAML: {' '.join(str(error).split())}")
        return None
    if not isinstance(value, dict):
        problems.append(f"{where}: not a mapping of keys to values")
        return None
    return value


def _check_keys(where: str, front: Mapping[str, Any], needed: frozenset[str], optional: frozenset[str], problems: list[str]) -> None:
    problems.extend(f"{where}: {key} is missing" for key in sorted(needed - set(front)))
    problems.extend(f"{where}: unknown key {key!r}" for key in sorted(map(str, set(front) - needed - optional)))


def _check_text(where: str, front: Mapping[str, Any], key: str, problems: list[str]) -> None:
    value = front.get(key)
    if key in front and (not isinstance(value, str) or not value.strip() or _CONTROL.search(value)):
        problems.append(f"{where}: {key} must be text on its own, without control characters, not {value!r}")


def _check_texts(where: str, front: Mapping[str, Any], key: str, problems: list[str]) -> None:
    values = front.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        problems.append(f"{where}: {key} must be a list of texts, not {values!r}")
