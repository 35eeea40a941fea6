"""TLS for the few blogs whose certificate a curator chose to overlook (`tls_insecure: true`), and for no other host.

Only used when such a source is visited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.transport import BoundedHandler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@implementer(IPolicyForHTTPS)
class _Selective:
    """Verifies every certificate, but for the named hosts."""

    def __init__(self, verifying: Any, lenient: Any, hosts: frozenset[str]) -> None:
        self._verifying, self._lenient, self._hosts = verifying, lenient, hosts

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        policy = self._lenient if hostname.decode("ascii").removeprefix("www.") in self._hosts else self._verifying
        return policy.creatorForNetloc(hostname, port)


class SelectiveTlsHandler(BoundedHandler):
    """The HTTPS handler with a policy by host. Scrapy has no setting for this; its policy is replaced once built."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        sources = crawler.spider.crawl.sources.values()  # type: ignore[union-attr]
        names = (name for source in sources if source.tls_insecure for name in source.hosts)
        hosts = frozenset(name.partition(":")[0].removeprefix("www.") for name in names)
        lenient = _ScrapyClientContextFactory(verify_certificates=False)
        self._contextFactory: Any = _Selective(self._contextFactory, lenient, hosts)
