"""Scrapy's settings for a crawl, drawn from ours: the one table where a value of `politeness` meets Scrapy's name for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crawler.politeness import SHARED_PLATFORMS, CrawlLimits, Politeness, user_agent
from luciole.settings import Settings
from luciole.sources import Source


def spider_settings(
    settings: Settings, limits: CrawlLimits, politeness: Politeness, sources: Iterable[Source], resolver: Callable[..., Any]
) -> dict[str, Any]:
    """Everything that differs from Scrapy's defaults. `resolver` is called with the reactor and gives what resolves names."""
    sources = tuple(sources)
    lanes = {politeness.lane_name(f"http://{host}/") for source in sources for host in source.hosts} | set(SHARED_PLATFORMS)
    headers = {"Accept": "text/html,application/xhtml+xml,application/xml,application/rss+xml,application/atom+xml;q=0.9,*/*;q=0.8"}
    headers |= {"Accept-Language": "fr"}
    if settings.contact:
        headers["From"] = settings.contact
    built_in = "scrapy.downloadermiddlewares"
    options: dict[str, Any] = {
        "USER_AGENT": user_agent(settings),
        "DEFAULT_REQUEST_HEADERS": headers,
        "CONCURRENT_REQUESTS": limits.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": limits.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # it goes both ways: a delay that we promise must not come out shorter
        "DOWNLOAD_SLOTS": {name: {"delay": politeness.pace(name), "jitter": 0.0, "concurrency": 1} for name in lanes},
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_MAXSIZE": limits.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_HEAD_BYTES": limits.head_bytes,  # ours, for crawler.transport
        "RETRY_TIMES": limits.retries,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],  # 429 and 503 speak for themselves: never a hot retry
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REDIRECT_MAX_TIMES": limits.redirects,
        "METAREFRESH_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "CONCURRENT_ITEMS": 1,  # Scrapy starts so many tasks for every answer (100 by default); we yield one request at most
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # else it parses the source of our callback at every answer
        "URLLENGTH_LIMIT": limits.url_length,
        "ROBOTSTXT_OBEY": False,  # ours does
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.middlewares.GuardMiddleware": 40,
            "crawler.robots.RobotsMiddleware": 100,
            f"{built_in}.robotstxt.RobotsTxtMiddleware": None,
            f"{built_in}.offsite.OffsiteMiddleware": None,
            f"{built_in}.httpauth.HttpAuthMiddleware": None,
            f"{built_in}.cookies.CookiesMiddleware": None,
            f"{built_in}.httpproxy.HttpProxyMiddleware": None,
        },
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",  # switching the middleware off makes the redirect middleware complain
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.transport.BoundedHandler",
            "https": "crawler.transport.BoundedHandler",
            "file": None,
            "ftp": None,
            "s3": None,
            "data": None,
        },
        "TWISTED_DNS_RESOLVER": resolver,
        "REACTOR_THREADPOOL_MAXSIZE": 20,
        "CLOSESPIDER_TIMEOUT": limits.night,
        "MEMUSAGE_LIMIT_MB": limits.memory_mb,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }
    if any(source.tls_insecure for source in sources):
        options["DOWNLOAD_HANDLERS"]["https"] = "crawler.insecure.SelectiveTlsHandler"
    return options
