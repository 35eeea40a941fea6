"""The shared words of Luciole: articles, sources, the store, settings, errors and the command line.

Nothing here knows Scrapy, an engine or the web: `crawler`, `indexer` and `api` import from here, never the other way (the command
line, `luciole.cli`, is the one exception: it puts the rooms together).
"""
