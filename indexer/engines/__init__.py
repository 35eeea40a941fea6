"""One module or package for each search engine, each behind the two protocols of `indexer.engine`."""
