"""When two addresses are the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luciole.urls import authority, path_key, url_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.exemple.fr/a/", "https://exemple.fr/a"),
        ("https://exemple.fr:443/a", "http://exemple.fr:80/a"),
        ("https://exemple.fr/a?utm_source=rss&utm_medium=feed", "https://exemple.fr/a"),
        ("https://exemple.fr/a?b=1&a=2", "https://exemple.fr/a?a=2&b=1"),
        ("https://exemple.fr/a#plus", "https://exemple.fr/a"),
        ("https://exemple.fr/a?m=1", "https://exemple.fr/a"),
        ("https://exemple.fr/a/amp/", "https://exemple.fr/a"),
        ("https://exemple.fr/a?replytocom=12", "https://exemple.fr/a"),
        ("https://EXEMPLE.fr//a", "https://exemple.fr/a"),
        ("https://exemple.fr/a?source=rss-abc", "https://exemple.fr/a"),
        ("https://é.fr/x", "https://xn--9ca.fr/x"),
    ],
)
def test_same_page(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://exemple.fr/spip.php?article12", "https://exemple.fr/spip.php?article13"),
        ("https://exemple.fr/spip.php?article12&lang=fr", "https://exemple.fr/spip.php?lang=fr"),
        ("https://exemple.fr/?p=12", "https://exemple.fr/?p=13"),
        ("https://exemple.fr:8001/a", "https://exemple.fr/a"),
        ("https://blog.exemple.fr/a", "https://exemple.fr/a"),
        ("https://exemple.fr/A", "https://exemple.fr/a"),
        ("https://exemple.fr/a?m=200", "https://exemple.fr/a"),
    ],
)
def test_different_pages(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "address", ["", "exemple.fr", "ftp://exemple.fr/", "javascript:alert(1)", "http://", "http://[::1", "http://a:99999/"]
)
def test_not_an_address(address: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        url_key(address)


def test_a_path_survives_a_move() -> None:
    assert path_key("http://vieux.fr/2020/01/x/?p=3") == path_key("https://nouveau.org/2020/01/x?p=3") == "/2020/01/x?p=3"
    assert path_key("https://exemple.fr/") == ""


def test_authority() -> None:
    assert authority("https://Exemple.FR:443/a") == "exemple.fr"
    assert authority("http://cieux.localhost:8001/") == "cieux.localhost:8001"


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(tail: str) -> None:
    try:
        key = url_key(f"https://exemple.fr/{tail}")
    except ValueError:
        return
    assert url_key(f"https://{key}") == key
