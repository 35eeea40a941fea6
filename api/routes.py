"""What a module of pages gives to the application: paths, and who answers there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Routes = Mapping[str, Callable[..., Any]]
"""A path in Starlette's notation → a plain function of the request and the path's parameters. `api.pages` puts them together, in order."""
