"""Tables on any engine: sessions (DuckDB, Polars), schemas, formulas, row order. Nodes name no engine; this package does."""

import atexit
import typing

# typing keeps what is overloaded, and with it types of DuckDB, until after DuckDB has counted at the interpreter's exit
# what is left: where torch is loaded too, it would complain of a leak.
atexit.register(typing.clear_overloads)
