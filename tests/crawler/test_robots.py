"""robots.txt, read for our robot: fault cases 9, 11, 12 and 13. What happens around it is shown by `test_robots_nights`."""

from time import process_time

import pytest

from crawler.robots_rules import RobotsRules, origin_of

URL = "http://blog.example/prive/billet"


def rules(body: bytes | str, status: int = 200, limit: int = 500 * 1024) -> RobotsRules:
    return RobotsRules.read(status, body.encode() if isinstance(body, str) else body, limit=limit)


@pytest.mark.parametrize("status", [301, 401, 403, 404, 410, 451])
def test_case_09_a_missing_robots_txt_allows_everything(status: int) -> None:
    assert rules("User-agent: *\nDisallow: /", status).allowed(URL)


def test_rules_for_everybody_and_rules_for_us() -> None:
    text = "User-agent: *\nDisallow: /prive/\n\nUser-agent: LucioleBot\nDisallow: /brouillons/\n"
    assert rules(text).allowed(URL)
    assert not rules(text).allowed("http://blog.example/brouillons/1")
    assert not rules("User-agent: *\nDisallow: /prive/\n").allowed(URL)
    assert rules("User-agent: *\nDisallow: /prive/\nAllow: /prive/billet\n").allowed(URL)
    assert rules("User-agent: *\nDisallow: /prive/\nAllow: /prive/\n").allowed(URL), "of two as long, the one that allows"


@pytest.mark.parametrize(
    "name",
    ["LucioleBot", "luciolebot", "Luciole", "LUCIOLEBOT/0.1", "LucioleBot*", "autre\nUser-agent: luciolebot", "luciole\n\nUser-agent: x"],
)
def test_our_names(name: str) -> None:
    assert not rules(f"User-agent: *\nAllow: /\n\nUser-agent: {name}\nDisallow: /prive\n").allowed(URL)


@pytest.mark.parametrize("name", ["Bot", "MaLucioleBot", "lucioles", "l", "Googlebot"])
def test_names_of_others(name: str) -> None:
    assert rules(f"User-agent: {name}\nDisallow: /\n").allowed(URL)


def test_all_groups_with_our_name_are_one() -> None:
    text = "User-agent: LucioleBot\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-agent: autre\nUser-agent: LucioleBot\nDisallow: /b\n"
    found = rules(text)
    assert [found.allowed(f"http://blog.example/{path}") for path in "abc"] == [False, False, True]


def test_a_group_with_our_name_and_no_rule_allows_everything() -> None:
    assert rules("User-agent: *\nDisallow: /\n\nUser-agent: LucioleBot\nDisallow:\n").allowed(URL)


def test_lines_that_nobody_knows_and_sitemaps_end_no_group() -> None:
    text = "User-agent: *\nSitemap: http://blog.example/s.xml\nUser-agent: autre\nMachin: 3\nDisallow: /prive\n"
    assert not rules(text).allowed(URL)


def test_rules_above_every_name_are_for_nobody() -> None:
    assert rules("Disallow: /\nUser-agent: autre\nDisallow: /\n").allowed(URL)


@pytest.mark.parametrize(
    "text", ["User agent: *\nDisallow /prive/", "Useragent *\ndisalow : /prive/ # chut", " USER-AGENT :*\n\tDISALLOW:/prive/"]
)
def test_common_slips_are_understood(text: str) -> None:
    assert not rules(text).allowed(URL)


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /prive/\r\n",
        b"User-agent: *\rDisallow: /prive/\r",
        b"# caf\xe9\nUser-agent: *\nDisallow: /prive/\n",
        b"\x00\x01 rien\nUser-agent: *\nDisallow: /prive/\n",
        "User-agent: *\nDisallow: /autre\u2028User-agent: x\nDisallow: /prive/".encode(),
    ],
)
def test_case_11_bom_line_ends_latin_1_and_junk_do_not_hide_a_rule(body: bytes) -> None:
    assert not rules(body).allowed(URL)


@pytest.mark.parametrize("path", ["/%C3%A9t%C3%A9/1", "/%E9t%E9/1"])
def test_case_11_a_path_typed_in_latin_1_counts_in_both_spellings(path: str) -> None:
    assert not rules("User-agent: *\nDisallow: /été/\n".encode("latin-1")).allowed(f"http://blog.example{path}")


def test_case_11_a_page_in_its_place_forbids_nothing() -> None:
    assert rules("<!doctype html><html><body><h1>Bienvenue</h1><p>User agent: vous</p>\nDisallow all of it</body></html>").allowed(URL)


def test_case_11_only_the_first_bytes_count() -> None:
    text = "# x\n" * 1_250_000 + "User-agent: *\nDisallow: /\n"
    assert rules(text).allowed(URL)
    assert not rules(text, limit=10_000_000).allowed(URL)


def test_case_11_a_line_cut_in_two_does_not_forbid_more_than_it_said() -> None:
    text = "User-agent: *\nDisallow: /caché\nDisallow: /prive/ailleurs\n"
    cut = rules(text, limit=text.index("/ailleurs") + 1)
    assert cut.allowed(URL)
    assert not cut.allowed("http://blog.example/caché")


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /" + "*a" * 1000 + "b$\n",
        "User-agent: *\n" + "Disallow: /*a\n" * 36_000,
        "".join(f"User-agent: a{number}\n" for number in range(10_000)) + "User-agent: *\n" + "Disallow: /c\n" * 28_000,
        "Sitemap: http://blog.example/s.xml\n" * 14_000,
    ],
    ids=["stars", "rules", "names times rules", "sitemaps"],
)
def test_a_hostile_file_takes_no_time(text: str) -> None:
    before = process_time()
    assert rules(text).allowed("http://blog.example/" + "b" * 2000)
    assert process_time() - before < 1


@pytest.mark.parametrize(
    ("value", "delay"),
    [
        ("10", 10.0),
        ("3600", 3600.0),
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("10 s", 10.0),
        ("abc", None),
        ("-3", None),
        ("inf", None),
        ("nan", None),
        ("9" * 400, None),
        ("", None),
        ("2\nCrawl-delay: 7", 7.0),
    ],
)
def test_case_13_crawl_delay(value: str, delay: float | None) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {value}\n").delay == delay


def test_case_13_only_the_delay_of_our_group_counts() -> None:
    assert rules("User-agent: *\nCrawl-delay: 20\n\nUser-agent: LucioleBot\nDisallow: /x\n").delay is None
    assert rules("User-agent: lent\nCrawl-delay: 20\n\nUser-agent: *\nCrawl-delay: 3\n").delay == 3.0


def test_sitemaps_are_absolute_addresses_each_once() -> None:
    text = (
        "Sitemap: https://blog.example/sitemap.xml\nUser-agent: autre\nDisallow: /\nsitemap:http://blog.example/deux.xml.gz\n"
        "Sitemap: /relatif.xml\nSitemap: ftp://blog.example/x\nSitemap: http://[\nSitemap: https://blog.example/sitemap.xml\n"
    )
    assert rules(text).sitemaps == ("https://blog.example/sitemap.xml", "http://blog.example/deux.xml.gz")


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        (
            "User-agent: *\nContent-Signal: search=yes, ai-input=no, ai-train=no\nAllow: /",
            {"search": True, "ai-input": False, "ai-train": False},
        ),
        ("User-Agent: *\ncontent-signal:search=no,ai-train=no", {"search": False, "ai-train": False}),
        ("Content-Signal: search=no\nUser-agent: *\nAllow: /", {"search": False}),
        ("User-agent: autre\nContent-Signal: search=no\n\nUser-agent: *\nAllow: /", {}),
        ("User-agent: *\nContent-Signal: search=no\n\nUser-agent: LucioleBot\nContent-Signal: search=yes", {"search": True}),
        ("User-agent: *\nContent-Signal: search=yes\nContent-Signal: search=no", {"search": False}),
        ("User-agent: *\nContent-Signal: search=peut-être, , =, search", {}),
        ("# Content-Signal: search=no\nUser-agent: *\nDisallow:", {}),
    ],
)
def test_content_signals(text: str, signals: dict[str, bool]) -> None:
    found = rules(text)
    assert found.signals == signals
    assert found.indexable is signals.get("search", True)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTPS://Blog.Exemple.fr/billet?a=1", "https://blog.exemple.fr"),
        ("http://blog.exemple.fr:80/", "http://blog.exemple.fr"),
        ("http://blog.exemple.fr:443/", "http://blog.exemple.fr:443"),
        ("http://cieux.localhost:8001/x", "http://cieux.localhost:8001"),
    ],
)
def test_what_a_robots_txt_rules_over(url: str, origin: str) -> None:
    assert origin_of(url) == origin
