"""The embedded engine: tantivy, in a directory of our own. With `indexer.analysis`, the only code that knows that library."""

from indexer.engines.embedded.reader import EmbeddedEngine
from indexer.engines.embedded.writer import EmbeddedWriter

__all__ = ["EmbeddedEngine", "EmbeddedWriter"]
