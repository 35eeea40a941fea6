"""Servers that send too much, too slowly, nothing whole, or under a false name: fault cases 22, 23 and 24, shown by whole crawls."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from crawler.parse import parse
from crawler.parsed import ParsedSitemap
from tests.crawler.contexts import context
from tests.crawler.web import PORT, Driver, Reply, Web, post, rss

LIMITS = {"backfill_pages": 0}
BOMB = 300_000_000
MEGABYTE = 1_000_000


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


def feed_of(web: Web, host: str, *names: str, full: bool = False) -> Reply:
    return Reply(rss([(name.capitalize(), web.url(host, f"/{name}")) for name in names], full=full), kind="application/rss+xml")


def peak(pid: int) -> int:
    """The most memory that a living process ever held, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


# -- case 22 -----------------------------------------------------------------------------------------------------------------------


def gzip_bomb() -> bytes:
    """300 MB of blanks. The compressor forgets what came before at every piece, so one piece is put there thirty times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(b" " * (BOMB // 30)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + piece * 30


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": gzip_bomb,
    "deflate": lambda: b"\x78\xda" + gzip_bomb()[10:],
    "br": lambda: brotli.compress(b" " * BOMB, quality=1),
    "zstd": lambda: zstd.compress(b" " * BOMB, 1),
}


def test_case_22_bombs_are_cut_at_the_cap_and_cost_no_memory(web: Web, tmp_path: Path) -> None:
    bombs = {name: Reply(made(), headers={"Content-Encoding": name}) for name, made in BOMBS.items()}
    assert all(len(bomb.body) < 400_000 for bomb in bombs.values())
    crawling: list[int] = []
    peaks: list[int] = []

    def weighed(headers: Mapping[str, str]) -> Reply:
        peaks.append(peak(crawling[0]))
        return Reply(post("Un billet"))

    # One blog: its posts are asked for one after the other, so the last one comes once the bombs are dealt with.
    web.pages["bombes"] = {"/feed": feed_of(web, "bombes", "debut", *bombs, "fin"), "/debut": weighed, "/fin": weighed}
    web.pages["bombes"] |= {f"/{name}": bomb for name, bomb in bombs.items()}
    driver = Driver(web, tmp_path, limits=LIMITS)
    driver.source("bombes", feeds=[web.url("bombes", "/feed")])
    process = driver.start()
    crawling.append(process.pid)
    outcome = driver.end(process)["outcomes"]["bombes"]
    assert web.asked("bombes") == ["/robots.txt", "/feed", "/debut", *(f"/{name}" for name in bombs), "/fin"]
    assert (outcome["failed"], outcome["cause"]) == (len(bombs), "/gzip : contenu trop lourd")
    assert peaks[1] - peaks[0] < 50 * MEGABYTE


def test_case_22_feeds_robots_and_bodies_that_are_plainly_too_long(web: Web, tmp_path: Path) -> None:
    bomb = Reply(gzip_bomb(), kind="application/rss+xml", headers={"Content-Encoding": "gzip"})
    web.pages["flux"] = {"/feed": bomb}
    web.pages["regles"] = {"/robots.txt": bomb, "/feed": feed_of(web, "regles", "un", full=True)}
    web.pages["long"] = {"/feed": Reply(b" " * 16 * MEGABYTE, kind="application/rss+xml")}
    web.pages["page"] = {"/feed": feed_of(web, "page", "un", "deux"), "/un": Reply(b" " * 6 * MEGABYTE), "/deux": Reply(post("Deux"))}
    driver = Driver(web, tmp_path, limits=LIMITS)
    for host in web.pages:
        driver.source(host, feeds=[web.url(host, "/feed")])
    outcomes = driver.crawl()["outcomes"]
    assert outcomes["flux"]["cause"] == outcomes["long"]["cause"] == "flux : contenu trop lourd"
    assert outcomes["regles"]["cause"] == "flux : robots.txt : contenu trop lourd"
    assert outcomes["page"]["cause"] == "/un : contenu trop lourd"
    assert outcomes["page"]["failed"] == 1


def test_case_22_a_packed_sitemap_that_is_a_bomb() -> None:
    bomb = gzip_bomb()
    tracemalloc.start()
    try:
        found = parse("sitemap", bomb, context("https://blog.exemple.fr/sitemap.xml.gz", content_type="application/gzip"))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(found, ParsedSitemap)
    assert (found.problem != "", found.pages) == (True, ())
    assert most < 50 * MEGABYTE
    good = b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://blog.exemple.fr/a</loc></url></urlset>'
    control = parse("sitemap", gzip.compress(good), context("https://blog.exemple.fr/sitemap.xml.gz"))
    assert isinstance(control, ParsedSitemap)
    assert [page.url for page in control.pages] == ["https://blog.exemple.fr/a"]


# -- case 23 -----------------------------------------------------------------------------------------------------------------------

Rudeness = Callable[["Rogue", socket.socket], None]


class Rogue:
    """A server below HTTP: it answers 404 to robots.txt, and does as it likes with everything else. `asked`: the requests it got."""

    def __init__(self, rudeness: Rudeness) -> None:
        self.asked: list[str] = []
        self.closing = threading.Event()
        self._rudeness = rudeness
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            while True:
                request = b""
                while b"\r\n\r\n" not in request:
                    if not (more := connection.recv(65_536)):
                        return
                    request += more
                path = request.split()[1].decode()
                self.asked.append(path)
                if path != "/robots.txt":
                    return self._rudeness(self, connection)
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


def endless(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK + b"\r\n")
    while not rogue.closing.is_set():
        connection.sendall(b" " * 65_536)


def endless_chunks(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while not rogue.closing.is_set():
        connection.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")


def drops(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK + b"Content-Length: 1000\r\n\r\n")
    while not rogue.closing.wait(0.1):
        connection.sendall(b" ")


def dropped_headers(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK)
    while not rogue.closing.wait(0.1):
        connection.sendall(b"X-A: b\r\n")


def flood_of_headers(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK)
    while not rogue.closing.is_set():
        connection.sendall(b"X-A: " + b"b" * 1000 + b"\r\n")


def one_endless_header(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK + b"X-A: ")
    while not rogue.closing.is_set():
        connection.sendall(b"b" * 65_536)


def cut_short(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK + b"Content-Length: 1000\r\n\r\n<rss><channel><title>Un")


def cut_chunk(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n10\r\n<rss>")


def no_http(rogue: Rogue, connection: socket.socket) -> None:
    connection.sendall(b"220 mail.exemple.fr ESMTP\r\n")


def hangs_up(rogue: Rogue, connection: socket.socket) -> None:
    pass


RUDE: dict[str, tuple[Rudeness, str]] = {
    "sansfin": (endless, "contenu trop lourd"),
    "morceaux": (endless_chunks, "contenu trop lourd"),
    "goutte": (drops, "pas de réponse complète en 1 secondes"),
    "entetes": (dropped_headers, "pas de réponse complète en 1 secondes"),
    "flot": (flood_of_headers, "en-têtes trop lourds"),
    "ligne": (one_endless_header, "connexion interrompue"),
    "coupe": (cut_short, "connexion interrompue"),
    "brise": (cut_chunk, "connexion interrompue"),
    "courrier": (no_http, "connexion interrompue"),
    "raccroche": (hangs_up, "connexion interrompue"),
}


def test_case_23_rude_servers_cost_themselves_only(web: Web, tmp_path: Path) -> None:
    driver = Driver(web, tmp_path, limits=LIMITS | {"timeout": 1.0, "retries": 1})
    rogues = {host: Rogue(rudeness) for host, (rudeness, _) in RUDE.items()}
    web.pages["temoin"] = {"/feed": feed_of(web, "temoin", "un", full=True)}
    driver.source("temoin", feeds=[web.url("temoin", "/feed")])
    try:
        for host, rogue in rogues.items():
            driver.extra_map[f"{host}.localhost:{PORT}"] = rogue.target
            driver.source(host, feeds=[web.url(host, "/feed")])
        report = driver.crawl()
    finally:
        for rogue in rogues.values():
            rogue.close()
    outcomes = report["outcomes"]
    assert {host: outcomes[host]["cause"] for host in RUDE} == {host: f"flux : {cause}" for host, (_, cause) in RUDE.items()}
    assert {outcomes[host]["state"] for host in RUDE} == {"failed"}
    assert (outcomes["temoin"]["state"], report["finished"]) == ("ok", True)
    assert rogues["coupe"].asked == ["/robots.txt", "/feed", "/feed"], "tried once more, then failed"
    assert rogues["sansfin"].asked == ["/robots.txt", "/feed"], "what is too long stays so"
    assert "Traceback" not in report["stderr"]


def test_case_23_a_flood_of_headers_costs_no_memory(web: Web, tmp_path: Path) -> None:
    rogue = Rogue(flood_of_headers)
    crawling: list[int] = []
    peaks: list[int] = []

    def weighed(headers: Mapping[str, str]) -> Reply:
        peaks.append(peak(crawling[0]))
        return feed_of(web, "flot", "un", full=True)

    driver = Driver(web, tmp_path, limits=LIMITS | {"timeout": 3.0})
    driver.extra_map = {f"flot.localhost:{PORT + 1}": rogue.target}
    web.pages["flot"] = {"/avant": weighed, "/apres": weighed}
    # One blog with three feeds, whatever port answers: they are asked for one after the other.
    feeds = [web.url("flot", "/avant"), f"http://flot.localhost:{PORT + 1}/flot", web.url("flot", "/apres")]
    driver.source("flot", feeds=feeds)
    try:
        process = driver.start()
        crawling.append(process.pid)
        outcome = driver.end(process)["outcomes"]["flot"]
    finally:
        rogue.close()
    assert [*web.asked("flot"), *rogue.asked] == ["/robots.txt", "/avant", "/apres", "/robots.txt", "/flot"]
    assert outcome["cause"] == "flux : en-têtes trop lourds"
    assert peaks[1] - peaks[0] < 50 * MEGABYTE


# -- case 24 -----------------------------------------------------------------------------------------------------------------------


class Authority:
    """Somebody who vouches for servers, and whom the crawl is told to believe."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorite d'essai")])
        certificate = (
            self._certificate(self._name, self._key, timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = directory / "autorite.pem"
        self.file.write_bytes(certificate.public_bytes(Encoding.PEM))

    def context(self, host: str, *, lifetime: timedelta = timedelta(days=1), signed_by_itself: bool = False) -> ssl.SSLContext:
        """A server's TLS, good for `host` until `lifetime` from now (it may be over)."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = (
            self._certificate(name, key, lifetime, name if signed_by_itself else None)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(key if signed_by_itself else self._key, hashes.SHA256())
        )
        file = self._directory / f"{host}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, lifetime: timedelta, issuer: x509.Name | None = None
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer or self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=10))
            .not_valid_after(now + lifetime)
        )


def test_case_24_bad_certificates_are_refused_unless_a_curator_overlooks_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    contexts = {
        "valable": authority.context("valable.localhost"),
        "perime": authority.context("perime.localhost", lifetime=-timedelta(days=1)),
        "autresigne": authority.context("autresigne.localhost", signed_by_itself=True),
        "autrenom": authority.context("un-autre-nom.localhost"),
    }
    contexts |= {f"tolere-{host}": context for host, context in contexts.items() if host != "valable"}
    front = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    front.load_cert_chain(tmp_path / "valable.localhost.pem")

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = contexts[(name or "").partition(".")[0]]

    front.sni_callback = choose
    web = Web(tls=front)
    try:
        driver = Driver(web, tmp_path / "data", limits=LIMITS | {"timeout": 10.0})
        for host in contexts:
            base = f"https://{host}.localhost:{PORT}"
            web.pages[host] = {"/feed": Reply(rss([("Un", f"{base}/un")], full=True), kind="application/rss+xml")}
            driver.source(host, url=f"{base}/", feeds=[f"{base}/feed"], tls_insecure=host.startswith("tolere-"))
        outcomes = driver.crawl()["outcomes"]
    finally:
        web.close()
    for host in ("perime", "autresigne", "autrenom"):
        assert (outcomes[host]["state"], outcomes[host]["cause"]) == ("failed", "flux : robots.txt : certificat TLS non valable"), host
        assert web.asked(host) == []
        assert (outcomes[f"tolere-{host}"]["state"], outcomes[f"tolere-{host}"]["new"]) == ("ok", 1), host
    assert (outcomes["valable"]["state"], outcomes["valable"]["new"]) == ("ok", 1), "what is refused is refused for its certificate"


def test_nothing_listens_while_we_crawl(web: Web, tmp_path: Path) -> None:
    """Scrapy's telnet console and remote control would let others on the machine into the process."""
    crawling: list[int] = []
    doors: list[set[str]] = []

    def look(headers: Mapping[str, str]) -> Reply:
        process = Path(f"/proc/{crawling[0]}")
        sockets = {link.readlink().name for link in (process / "fd").iterdir() if link.is_symlink()}
        lines = [line.split() for name in ("tcp", "tcp6") for line in (process / "net" / name).read_text().splitlines()[1:]]
        doors.append({f"socket:[{line[9]}]" for line in lines if line[3] == "0A"} & sockets)
        return feed_of(web, "blog", "un", full=True)

    web.pages["blog"] = {"/feed": look}
    driver = Driver(web, tmp_path, limits=LIMITS)
    driver.source("blog", feeds=[web.url("blog", "/feed")])
    process = driver.start()
    crawling.append(process.pid)
    assert driver.end(process)["outcomes"]["blog"]["state"] == "ok"
    assert doors == [set()]
