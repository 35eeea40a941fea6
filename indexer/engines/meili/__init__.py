"""The engine on a Meilisearch server, for installations that share one or outgrow a directory. The only code that knows its client."""

from indexer.engines.meili.address import Address
from indexer.engines.meili.grant import grant
from indexer.engines.meili.reader import MeiliEngine
from indexer.engines.meili.server import Server
from indexer.engines.meili.writer import MeiliWriter

__all__ = ["Address", "MeiliEngine", "MeiliWriter", "Server", "grant"]
