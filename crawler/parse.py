"""The one door of the parse side: bytes in, values out.

Owns the dispatch and the promise that bad content is an answer, never an exception. It refuses to know where the bytes come from and
where the values go. The parsers behind it are imported when first needed: the fetching process imports this module, but only its
workers ever pay for lxml, feedparser, trafilatura and lingua.
"""

from __future__ import annotations

from crawler.parsed import Context, Kind, Parsed, failed


def parse(kind: Kind, body: bytes, context: Context) -> Parsed:
    """What `body` says, read as a `kind`.

    Pure: no file, no network, no clock (`context.now` is the time). Never raises for bad content, whatever the bytes: the answer
    then carries a French sentence in `problem`. It may take arbitrarily long on hostile content, which is why the crawl only calls it
    through `crawler.workers`.
    """
    try:
        match kind:
            case "feed":
                from crawler.feeds import parse_feed

                return parse_feed(body, context)
            case "home":
                from crawler.discovery import parse_home

                return parse_home(body, context)
            case "sitemap":
                from crawler.sitemaps import parse_sitemap

                return parse_sitemap(body, context)
            case "rest":
                from crawler.rest import parse_rest

                return parse_rest(body, context)
            case "listing":
                from crawler.listings import parse_listing

                return parse_listing(body, context)
            case "article":
                from crawler.pages import parse_page

                return parse_page(body, context)
    except MemoryError:
        return failed(kind, "contenu trop lourd à lire")
    except Exception as error:  # the parsers' libraries raise whatever they like on hostile input; one page must not end a night
        return failed(kind, f"contenu illisible ({type(error).__name__})")
