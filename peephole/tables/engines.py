"""The table engines by name, without importing any of them."""

from __future__ import annotations

from importlib import metadata

from peephole.core.errors import MissingLibraryError, SettingError, listing

ENGINES = {"duckdb": "duckdb", "polars": "polars", "spark": "pyspark"}


def engine_version(engine: str) -> str:
    """The engine with its version, for recipe keys: "duckdb 2.0.0".

    Raises SettingError for an unknown engine, MissingLibraryError for one that is not installed.
    """
    if engine not in ENGINES:
        raise SettingError(f'There is no engine "{engine}".', remedy=f"Engines: {listing(ENGINES)}.", setting="on")
    package = ENGINES[engine]
    try:
        return f"{engine} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        raise MissingLibraryError(
            f"The engine {engine} is not installed.", remedy=f"Install it: pip install 'peephole[{engine}]'."
        ) from None
