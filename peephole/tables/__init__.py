"""Tables on any engine: sessions (DuckDB, Polars), schemas, formulas, row order. Nodes name no engine; this package does."""
