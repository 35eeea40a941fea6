"""One crawl in a process whose name service and routes are the test's: the job in the first argument (see `drive`), then JSON with

`names`: host → the answers to each question in turn (the last one for ever), each a list of addresses;
`routes`: public address → loopback port to which connections to it go instead.

Nothing leaves the machine: a name or a public address that is not listed fails.
"""

from __future__ import annotations

import errno
import json
import socket
import sys
from ipaddress import ip_address
from typing import Any

_connect_ex = socket.socket.connect_ex


def serve(names: dict[str, list[list[str]]], routes: dict[str, int]) -> None:
    """Stand between this process and the system's resolver and routes."""

    def getaddrinfo(host: str | bytes, port: int, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown name")
        answers = names[name]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one, port, 0, 0))
            if ":" in one
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in found
        ]

    def connect_ex(self: socket.socket, address: Any) -> int:
        if isinstance(address, tuple) and not ip_address(address[0]).is_loopback:
            if address[0] not in routes:
                return errno.ENETUNREACH
            address = ("127.0.0.1", routes[address[0]])
        return _connect_ex(self, address)

    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]
    socket.socket.connect_ex = connect_ex  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    serve(**json.loads(sys.argv[2]))
    from tests.crawler.drive import main  # only now: what it imports keeps the name service that it finds

    main()
