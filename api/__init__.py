"""From a search engine to readers: pages, JSON, health. It never opens the store and never fetches anything."""
