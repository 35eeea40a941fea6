"""From the store to a search engine, and the words of searching: query, plan, lexicon, results."""
