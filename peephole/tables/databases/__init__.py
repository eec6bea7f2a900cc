"""Databases as sources and targets of tables: DuckDB and SQLite files, PostgreSQL servers. Reading never writes."""
