"""From the blogs to the store: the only room that knows Scrapy, feedparser and trafilatura."""
