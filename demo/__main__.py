"""`python -m demo`: serves the invented blogosphere until Ctrl-C, or prints its list.

Owns the arguments and the one line that says the demo is ready. Exit codes: 0 stopped as asked, 1 port taken or content at fault, 2 misuse.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from demo.content import ContentError
from demo.listing import DEFAULT_PORT, blogs, host_map, sources_yaml


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="La blogosphère de démonstration de Luciole.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port sur 127.0.0.1 ; 0 en choisit un libre (%(default)s)")
    parser.add_argument("--log", type=Path, help="journal des requêtes, une ligne JSON par requête")
    parser.add_argument("--hostile", action="store_true", help="ajoute un blog qui attaque qui le montre, pour les essais")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--list", action="store_true", help="écrit la liste des blogs (sources.yaml) et s’arrête")
    shown.add_argument("--host-map", action="store_true", help="écrit la valeur de LUCIOLE_HOST_MAP et s’arrête")
    options = parser.parse_args(arguments)
    try:
        if options.list:
            sys.stdout.write(sources_yaml(options.port, hostile=options.hostile))
        elif options.host_map:
            sys.stdout.write(f"{host_map(options.port, hostile=options.hostile)}\n")
        else:
            _serve(options.port, options.log, hostile=options.hostile)
    except ContentError as error:
        sys.stderr.write("\n".join([*error.problems, ""]))
        return 1
    except OSError as error:
        sys.stderr.write(f"La démonstration ne peut pas démarrer sur le port {options.port} : {error}\n")
        return 1
    return 0


def _serve(port: int, log: Path | None, *, hostile: bool) -> None:
    from demo.server import serve  # starlette and uvicorn are not needed to print the list

    def ready(chosen: int) -> None:
        sys.stdout.write(
            f"Blogosphère de démonstration prête : {len(blogs(chosen, hostile=hostile))} blogs sur http://localhost:{chosen}/\n"
        )
        sys.stdout.flush()

    serve(port, log=log, hostile=hostile, ready=ready)


if __name__ == "__main__":
    sys.exit(main())
