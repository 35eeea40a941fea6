"""The guard, as pure decisions: fault cases 16 and 18."""

from ipaddress import ip_address

import pytest

from crawler.guard import Guard, ip_literal, is_public

GUARD = Guard({"cieux.localhost:8001": "127.0.0.1:9001", "vieux.example": "127.0.0.1:9002"})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:22/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://127.0.0.1./",
        "http://%31%32%37.0.0.1/",
        "http://127。0。0。1/",
        "http://１２７.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[0:0:0:0:0:ffff:7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[::ffff:0:7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:0:0:0:0:80ff:fffe]/",
        "http://[fd12:3456::1]/",
        "http://10.0.0.1/",
        "http://172.16.3.4/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://cieux.localhost/",
        "http://cieux.localhost:8002/",
        "http://imprimante.local/",
        "http://service.internal/",
        "http://intranet/",
    ],
)
def test_every_spelling_of_a_private_address_is_refused_as_private(url: str) -> None:
    refusal = GUARD.check(url)
    assert refusal is not None
    assert refusal.startswith("une adresse privée"), refusal


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://93.184.216.34/", "une adresse IP (93.184.216.34)"),
        ("http://1572395042/", "une adresse IP (93.184.216.34)"),
        ("http://[2606:2800:220:1::]/", "une adresse IP ([2606:2800:220:1::])"),
        ("file:///etc/passwd", "un protocole interdit (file)"),
        ("ftp://exemple.fr/", "un protocole interdit (ftp)"),
        ("data:text/html,x", "un protocole interdit (data)"),
        ("javascript:alert(1)", "un protocole interdit (javascript)"),
        ("gopher://exemple.fr/", "un protocole interdit (gopher)"),
        ("//exemple.fr/", "un protocole interdit (aucun)"),
        ("http://moi:secret@exemple.fr/", "une adresse avec identifiants"),
        ("http://127.0.0.1@exemple.fr/", "une adresse avec identifiants"),
        ("http://exemple.fr\\@127.0.0.1/", "une adresse avec identifiants"),
        ("http://127.0.0.1\\.exemple.fr/", "une adresse illisible (127.0.0.1\\.exemple.fr)"),
        ("http://[::1", "une adresse illisible"),
        ("http:///chemin", "une adresse illisible"),
        ("FILE:///etc/passwd", "un protocole interdit (file)"),
        ("http://exemple.fr:22/", "un port inhabituel (exemple.fr:22)"),
        ("https://exemple.fr:8443/", "un port inhabituel (exemple.fr:8443)"),
        ("http://exemple.fr:99999/", "une adresse illisible"),
        ("http://1.2.3.4.5/", "une adresse illisible (1.2.3.4.5)"),
        ("http://a b.fr/", "une adresse illisible (a b.fr)"),
    ],
)
def test_what_else_is_refused_says_why(url: str, why: str) -> None:
    assert GUARD.check(url) == why


@pytest.mark.parametrize(
    "url",
    [
        "http://exemple.fr/",
        "https://www.exemple.fr:443/un/billet?a=1",
        "http://exemple.fr:443/",
        "https://xn--cole-9oa.fr/",
        "http://3615.exemple.fr/",
        "http://cieux.localhost:8001/billet",
        "http://CIEUX.localhost:8001/",
        "https://vieux.example/",
        "http://vieux.example/",
    ],
)
def test_public_names_and_exactly_the_mapped_authorities_pass(url: str) -> None:
    assert GUARD.check(url) is None


def test_a_mapped_authority_leads_to_its_own_port_and_no_other() -> None:
    assert GUARD.target("cieux.localhost", 8001) == ("127.0.0.1", 9001)
    assert GUARD.target("cieux.localhost", 80) is None
    assert GUARD.target("vieux.example", 443) == ("127.0.0.1", 9002)
    assert GUARD.target("vieux.example", 22) is None
    assert Guard().target("cieux.localhost", 8001) is None


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4007::1"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "::ffff:0:a00:1",
        "2002:a00:1::",
        "fd00::1",
        "ff02::1",
        "fec0::1",
        "100.127.0.1",
        "192.0.2.1",
        "240.0.0.1",
    ],
)
def test_other_addresses_are_not(address: str) -> None:
    assert not is_public(ip_address(address))


def test_a_name_that_only_begins_with_a_number_is_no_literal() -> None:
    assert ip_literal("127.0.0.1.nip.io") is None
    assert ip_literal("0x7f.1") == ip_address("127.0.0.1")
