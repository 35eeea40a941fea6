"""Feeds of every kind, sound and hostile, into entries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parse import parse
from crawler.parsed import Context, ParsedFeed
from luciole.marks import unmarked
from tests.crawler.contexts import context

LONG = " ".join(f"Les marées suivent la Lune et le Soleil, et la côte en décide la hauteur, note {n}." for n in range(12))


def feed(*items: str, head: str = "<title>Le fil</title><link>https://blog.exemple.fr/</link>") -> bytes:
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    )
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{head}{"".join(items)}</channel></rss>'.encode()


def item(inside: str = "", link: str = "https://blog.exemple.fr/marees/", title: str = "Marées") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inside}</item>"


def read(body: bytes, at: Context | None = None) -> ParsedFeed:
    parsed = parse("feed", body, at or context())
    assert isinstance(parsed, ParsedFeed)
    return parsed


def test_a_full_entry() -> None:
    parsed = read(
        feed(
            item(
                "<guid isPermaLink='false'>https://blog.exemple.fr/?p=12</guid><dc:creator>Anne Martin</dc:creator>"
                "<pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate><description>Un début […]</description>"
                f"<content:encoded><![CDATA[<p>{LONG}</p><p>Voilà $E=mc^2$.</p><p>L’article <a href='x'>Marées</a> est apparu "
                "en premier sur <a href='y'>Le blog</a>.</p>]]></content:encoded>"
            )
        )
    )
    (entry,) = parsed.entries
    seen = entry.sighting
    assert parsed.title == "Le fil"
    assert entry.complete
    assert seen.url == "https://blog.exemple.fr/marees/"
    assert seen.guid == "https://blog.exemple.fr/?p=12"
    assert seen.also == ("https://blog.exemple.fr/?p=12",)
    assert seen.title == "Marées"
    assert seen.authors == ("Anne Martin",)
    assert (seen.published, seen.published_basis) == (datetime(2026, 11, 2, 9, tzinfo=UTC), "feed")
    assert unmarked(seen.text) == f"{LONG}\nVoilà $E=mc^2$."
    assert (seen.text_basis, seen.language) == ("feed", "fr")


@pytest.mark.parametrize(
    ("inside", "complete"),
    [
        (f"<content:encoded>{LONG}</content:encoded>", True),
        (f"<content:encoded>{LONG} […]</content:encoded>", False),
        (f"<content:encoded>{LONG} [&#8230;]</content:encoded>", False),
        (f"<content:encoded>&lt;p&gt;{LONG}&lt;/p&gt;&lt;a href='x'&gt;Lire la suite&lt;/a&gt;</content:encoded>", False),
        (f"<content:encoded>&lt;p&gt;{LONG}&lt;/p&gt;&lt;p&gt;Continuer la lecture de « Marées » →&lt;/p&gt;</content:encoded>", False),
        ("<content:encoded>Trop court pour être cru.</content:encoded>", False),
        ("<description>Un billet bref.</description><content:encoded>Un billet bref.</content:encoded>", True),
        (f"<description>{LONG}</description>", False),
        ("<description>" + f"&lt;p&gt;{LONG}&lt;/p&gt;" * 5 + "</description>", True),
        ("<description>" + f"&lt;p&gt;{LONG}&lt;/p&gt;" * 5 + "…</description>", False),
        ("", False),
    ],
)
def test_whether_the_text_is_the_whole_post(inside: str, complete: bool) -> None:
    (entry,) = read(feed(item(inside))).entries
    assert entry.complete is complete
    assert entry.sighting.text_basis == ("feed" if complete else "summary")


def test_a_podcast_needs_no_page() -> None:
    body = feed(item("<description>Ce soir, la Lune.</description>", link="https://ailleurs.exemple.org/e1"))
    (entry,) = read(body, context(source_type="podcast")).entries
    assert entry.complete
    assert entry.sighting.text == "Ce soir, la Lune."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("L&amp;amp;eacute;gende", "Légende"),
        ("L&amp;eacute;gende", "Légende"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Bonjour", "Bonjour"),
        ("&amp;lt;img src=x onerror=alert(1)&amp;gt;Bonjour", "Bonjour"),
        ("Bon\u202ejour\u200b", "Bonjour"),
        ("Si a &amp;lt; b 🌒", "Si a < b 🌒"),
        ("x" * 10_000, "x" * 299 + "…"),
        ("<![CDATA[<b>Gr</b>as]]>", "Gras"),
    ],
)
def test_titles_are_one_line_of_plain_text(title: str, expected: str) -> None:
    assert read(feed(item(title=title))).entries[0].sighting.title == expected


def test_control_characters_are_dropped() -> None:
    assert read(feed(item(title="Ma\x00ré\x0bes"))).entries[0].sighting.title == "Marées"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 02 Nov 2026 10:00:00 CEST", datetime(2026, 11, 2, 8, tzinfo=UTC)),
        ("lun., 02 nov. 2026 10:00:00 +0100", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("1793610000", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("Thu, 01 Jan 2099 00:00:00 +0000", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("bientôt", None),
    ],
)
def test_dates(written: str, expected: datetime | None) -> None:
    seen = read(feed(item(f"<pubDate>{written}</pubDate>"))).entries[0].sighting
    assert seen.published == expected
    assert seen.published_basis == ("feed" if expected else None)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/marees/", "https://blog.exemple.fr/marees/"),
        ("marees.html", "https://blog.exemple.fr/marees.html"),
        ("http://www.blog.exemple.fr/a#suite", "http://www.blog.exemple.fr/a"),
        ("https://blog.exemple.fr/spip.php?article12&amp;lang=fr", "https://blog.exemple.fr/spip.php?article12&lang=fr"),
    ],
)
def test_addresses_are_joined(link: str, url: str) -> None:
    assert read(feed(item(link=link))).entries[0].sighting.url == url


def test_atom_addresses_are_joined_against_its_base() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.exemple.fr/carnet/"><title>Fil</title>
      <entry><title>Un</title><id>tag:un</id><link rel="replies" href="un/commentaires"/><link rel="alternate" href="un"/></entry></feed>"""
    seen = read(body, context("https://blog.exemple.fr/atom.xml")).entries[0].sighting
    assert (seen.url, seen.guid) == ("https://blog.exemple.fr/carnet/un", "tag:un")


def test_a_permalink_guid_replaces_a_missing_link() -> None:
    (entry,) = read(feed("<item><title>x</title><guid>https://blog.exemple.fr/x</guid></item>")).entries
    assert entry.sighting.url == "https://blog.exemple.fr/x"


def test_the_original_address_behind_feedburner() -> None:
    inside = "<feedburner:origLink>https://blog.exemple.fr/marees/</feedburner:origLink>"
    body = feed(item(inside, link="https://feeds.exemple.net/~r/blog/1/marees"))
    seen = read(body, context("https://feeds.exemple.net/blog")).entries[0].sighting
    assert seen.url == "https://blog.exemple.fr/marees/"
    assert "https://feeds.exemple.net/~r/blog/1/marees" in seen.also


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "https://ailleurs.exemple.org/x", "http://127.0.0.1/", "", "http://[x"]
)
def test_entries_without_a_usable_address_are_counted(link: str) -> None:
    parsed = read(feed(item(link=link), item()))
    assert [entry.sighting.url for entry in parsed.entries] == ["https://blog.exemple.fr/marees/"]
    assert parsed.skipped == 1
    assert parsed.problem == ""


def test_a_feed_that_leads_elsewhere_says_so() -> None:
    parsed = read(feed(item(link="https://ailleurs.exemple.org/x")))
    assert "ailleurs.exemple.org" in parsed.problem
    assert parsed.skipped == 1


def test_a_guid_shared_by_the_whole_feed_is_none() -> None:
    items = [item("<guid isPermaLink='false'>0</guid>", link=f"/{n}") for n in range(4)]
    assert [entry.sighting.guid for entry in read(feed(*items)).entries] == [None] * 4


def test_two_entries_of_one_post_keep_their_guid() -> None:
    items = [item(f"<guid isPermaLink='false'>{n}</guid>", link=f"/{n}") for n in (1, 2, 2)]
    assert [entry.sighting.guid for entry in read(feed(*items)).entries] == ["1", "2", "2"]


@pytest.mark.parametrize(
    ("head", "url", "title"),
    [
        ("<title>Commentaires sur : Marées</title>", "https://blog.exemple.fr/marees/feed/", "x"),
        ("<title>Comments on: Tides</title>", "https://blog.exemple.fr/x/feed/", "x"),
        ("<title>Commentaires pour Le blog</title>", "https://blog.exemple.fr/f", "x"),
        ("<title>Le blog</title>", "https://blog.exemple.fr/comments/feed/", "x"),
        ("<title>Le blog</title>", "https://blog.exemple.fr/feeds/comments/default", "x"),
        ("<title>Le blog</title>", "https://blog.exemple.fr/f", "Par : Luc"),
    ],
)
def test_comments_are_not_articles(head: str, url: str, title: str) -> None:
    parsed = read(feed(item(title=title), item(title=title, link="/b"), head=head), context(url))
    assert parsed.entries == ()
    assert "commentaires" in parsed.problem


def test_a_feed_about_comments_is_one_of_articles() -> None:
    assert len(read(feed(item(title="Commenter les sciences"), item(link="/b", title="Par monts"))).entries) == 2


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "fil"),
        (b"<!doctype html><html><title>Erreur</title><p>Bonjour", "fil"),
        (b"/etc/passwd", "fil"),
        (b"http://127.0.0.1/", "fil"),
        (b"\x1f\x8b\x08\x00\x00", "fil"),
        (b"%PDF-1.4", "fil"),
        (b'{"version": "1", "items": []}', "JSON Feed"),
    ],
)
def test_what_is_no_feed(body: bytes, word: str) -> None:
    parsed = read(body)
    assert parsed.entries == ()
    assert word in parsed.problem


def test_an_empty_feed_is_no_problem() -> None:
    assert read(feed()).problem == ""


@pytest.mark.parametrize(
    "body",
    [
        b"<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b><br />\n" + feed(item()),
        b"\xef\xbb\xbf\n\n" + feed(item()),
        feed(item("<truc:bidule>1</truc:bidule>")),
        feed(item())[:-20],
        feed(item("<description>&nbsp;&eacute;</description>")),
    ],
    ids=["php", "bom", "namespace", "cut", "entities"],
)
def test_broken_feeds_give_their_entries(body: bytes) -> None:
    parsed = read(body)
    assert [entry.sighting.title for entry in parsed.entries] == ["Marées"]
    assert parsed.problem == ""


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("latin-1", "utf-8"), ("utf-8", "iso-8859-1"), ("cp1252", "iso-8859-1"), ("utf-16", "utf-16"), ("latin-1", "latin-1")],
)
def test_encodings(encoding: str, declared: str) -> None:
    post = item(title="Été à la côte")
    body = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>{post}</channel></rss>'
    assert read(body.encode(encoding)).entries[0].sighting.title == "Été à la côte"


@pytest.mark.parametrize("declared", [' encoding="utf-8"', ""])
def test_one_broken_byte_costs_one_letter(declared: str) -> None:
    posts = item(title="Été à la côte") + item(title="Géant")
    body = f'<?xml version="1.0"{declared}?><rss version="2.0"><channel>{posts}</channel></rss>'.encode().replace(b"ant<", b"\xe9nt<")
    assert [entry.sighting.title for entry in read(body).entries] == ["Été à la côte", "Gé\ufffdnt"]


def test_entities_read_no_file() -> None:
    body = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + feed(item(title="a&x;b")).split(b"?>", 1)[1]
    parsed = read(body)
    assert all(entry.sighting.title in ("ab", "a&x;b", "") for entry in parsed.entries)


def test_a_billion_laughs_stay_short() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]>'.encode()
        + feed(item("<description>&l9;</description>")).split(b"?>", 1)[1]
    )
    assert sum(len(entry.sighting.text) for entry in read(body).entries) < 1000


def test_only_the_first_entries_are_read() -> None:
    body = feed(*(item(link=f"/{n}") for n in range(600)))
    assert len(read(body).entries) == 500
    assert [entry.sighting.url for entry in read(body, context(most_entries=2)).entries] == [f"https://blog.exemple.fr/{n}" for n in (0, 1)]


SPACES = 'xmlns:a="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0" '


@pytest.mark.parametrize("space", ["http://a9.com/-/spec/opensearchrss/1.0/", "http://a9.com/-/spec/opensearch/1.1/"])
@pytest.mark.parametrize(("written", "total"), [("360", 360), (" 12 ", 12), ("0", 0), ("beaucoup", None), ("-3", None), ("", None)])
def test_the_number_of_posts_that_the_archive_has(space: str, written: str, total: int | None) -> None:
    count = f"<o:totalResults xmlns:o='{space}'>{written}</o:totalResults>"
    assert read(feed(item(), head=f"<title>x</title>{count}")).total == total
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'>{count}<entry><id>1</id><link href='/a'/></entry></feed>"
    assert read(atom.encode()).total == total


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<a:link rel="next" href="?paged=2"/>', "https://blog.exemple.fr/feed/?paged=2"),
        ('<a:link rel="prev-archive" href="/archive/3.atom"/>', "https://blog.exemple.fr/archive/3.atom"),
        ('<a:link rel="prev-archive" href="/archive/3"/><a:link rel="next" href="/p2"/>', "https://blog.exemple.fr/p2"),
        ('<a:link rel="next" href="https://www.blog.exemple.fr/p2"/>', "https://www.blog.exemple.fr/p2"),
        ('<a:link rel="next" href="https://ailleurs.exemple.org/p2"/>', ""),
        ('<a:link rel="next" href="https://blog.exemple.fr/feed/"/>', ""),
        ('<a:link rel="next" href="javascript:x"/>', ""),
        ('<a:link rel="next" href=""/>', ""),
        ('<a:link rel="previous" href="/p0"/><a:link rel="self" href="/s"/><a:link rel="next-archive" href="/n"/>', ""),
    ],
)
def test_where_the_older_entries_are(links: str, expected: str) -> None:
    body = feed(item(), head=f"<title>x</title>{links}").replace(b"<rss ", f"<rss {SPACES} ".encode())
    assert read(body).next == expected


def test_the_last_page_of_an_archive_may_be_empty_and_still_count() -> None:
    head = "<title>x</title><o:totalResults xmlns:o='http://a9.com/-/spec/opensearchrss/1.0/'>7</o:totalResults>"
    parsed = read(feed(head=head))
    assert (parsed.entries, parsed.total, parsed.problem) == ((), 7, "")


def test_a_feed_that_says_to_be_whole() -> None:
    complete = "<fh:complete xmlns:fh='http://purl.org/syndication/history/1.0'/>"
    assert read(feed(item(), head=f"<title>x</title>{complete}")).whole
    assert not read(feed(item())).whole


@pytest.mark.parametrize(
    ("inside", "image"),
    [
        ("<m:content xmlns:m='http://search.yahoo.com/mrss/' url='/a.jpg' medium='image'/>", "a.jpg"),
        ("<m:content xmlns:m='http://search.yahoo.com/mrss/' url='https://0.gravatar.com/avatar/x' medium='image'/>", None),
        ("<m:content xmlns:m='http://search.yahoo.com/mrss/' url='/a.mp4' medium='video'/>", None),
        ("<enclosure url='/a.png' type='image/png' length='1'/>", "a.png"),
        ("<description>&lt;img src='/a.jpg'&gt;</description>", "a.jpg"),
        ("<description>&lt;img src='javascript:x'&gt;&lt;img class='emoji' src='/e.png'&gt;</description>", None),
    ],
)
def test_the_lead_image(inside: str, image: str | None) -> None:
    assert read(feed(item(inside))).entries[0].sighting.image == (image and f"https://blog.exemple.fr/{image}")


@pytest.mark.parametrize(
    ("end", "members"),
    [
        ("La suite de cet article est réservée aux abonnés.", True),
        ("Abonnez-vous pour lire la suite", True),
        ("This post is for paid subscribers", True),
        ("Les abonnés du train de 8 h 12 le savent.", False),
    ],
)
def test_teasers_of_posts_for_members_are_marked(end: str, members: bool) -> None:
    (entry,) = read(feed(item(f"<content:encoded>&lt;p&gt;{LONG}&lt;/p&gt;&lt;p&gt;{end}&lt;/p&gt;</content:encoded>"))).entries
    assert (entry.sighting.members_only, entry.complete) == (members, not members)


def test_dois_cited_in_the_text_and_in_its_links() -> None:
    inside = "<description>Voir doi:10.1234/Ab.5, et &lt;a href='https://doi.org/10.5678/x(9)'&gt;là&lt;/a&gt;.</description>"
    assert read(feed(item(inside))).entries[0].sighting.dois == ("10.1234/ab.5", "10.5678/x(9)")


def test_a_stranger_marks_no_formulas() -> None:
    (entry,) = read(feed(item("<description>a\ue000b\ue001 &amp;#xe002;c\ue003</description>", title="x\ue000y"))).entries
    assert (entry.sighting.title, entry.sighting.text) == ("xy", "ab c")


def test_a_text_too_short_to_tell_is_in_the_language_of_the_blog() -> None:
    english = "The tides follow the Moon and the Sun, and the coast decides how high they rise every single day."
    entries = read(feed(item("<description>Zut</description>"), item(f"<description>{english}</description>", link="/b"))).entries
    assert [entry.sighting.language for entry in entries] == ["fr", "en"]


@pytest.mark.parametrize("link", ["/", "/tous-les-billets", "/journal.html#{n}"], ids=["home", "one page", "fragments"])
def test_an_address_that_all_entries_share_names_none_of_them(link: str) -> None:
    items = [item(f"<guid isPermaLink='false'>g{n}</guid>", link=link.format(n=n), title=f"Billet {n}") for n in range(3)]
    parsed = read(feed(*items))
    assert (parsed.entries, parsed.skipped) == ((), 3)
    assert parsed.problem == "les billets de ce fil n’ont pas d’adresse à eux"


def test_episodes_that_all_link_to_their_show_go_by_their_sound() -> None:
    items = [
        item(f"<guid>g{n}</guid><enclosure url='https://sons.example.org/{n}.mp3' type='audio/mpeg'/>", link="/", title=f"Épisode {n}")
        for n in range(3)
    ]
    parsed = read(feed(*items), context(source_type="podcast"))
    assert [entry.sighting.url for entry in parsed.entries] == [f"https://sons.example.org/{n}.mp3" for n in range(3)]


def test_a_guid_that_two_posts_share_names_neither() -> None:
    items = [item(f"<guid isPermaLink='false'>{max(n, 2)}</guid>", link=f"/{n}", title=f"Billet {n}") for n in range(1, 5)]
    assert [entry.sighting.guid for entry in read(feed(*items)).entries] == [None, None, "3", "4"]


def test_an_entry_given_twice_keeps_its_names() -> None:
    items = [item("<guid isPermaLink='false'>7</guid>", link="/7", title=title) for title in ("Avant", "Après")]
    assert [(entry.sighting.guid, entry.sighting.url) for entry in read(feed(*items)).entries] == [("7", "https://blog.exemple.fr/7")] * 2


@pytest.mark.parametrize(
    ("reference", "means"),
    [("&#xD800;", ""), ("&#xD83D;&#xDE00;", "😀"), ("&#99999999999999999999;", ""), ("&#0;&#27;", ""), ("&#233;", "é")],
)
def test_a_reference_to_no_character_costs_itself_only(reference: str, means: str) -> None:
    parsed = read(feed(item(f"<guid>g{reference}</guid>", title=f"a{reference}b"), item(link="/2", title="Autre")))
    assert [entry.sighting.title for entry in parsed.entries] == [f"a{means}b", "Autre"]


def test_an_address_holds_nothing_that_speaks_to_a_terminal() -> None:
    (entry,) = read(feed(item(link="/a\x1b[31mb\u202ec"))).entries
    assert entry.sighting.url == "https://blog.exemple.fr/a%1B[31mb%E2%80%AEc"
