"""Rows to measure with: sales by day and article, made by the engine itself so that a hundred million take no memory."""

from __future__ import annotations

from pathlib import Path

import duckdb

ARTICLES = 1000


def make(folder: Path, rows: int, *, wide: bool = False) -> Path:
    """A Parquet file of so many rows, made once.  wide: with texts of their own, some 125 bytes a row in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{'wide' if wide else 'sales'}-{rows}.parquet"
    if path.exists():
        return path
    more = ", md5(i::VARCHAR) AS text, md5((i * 7)::VARCHAR) AS other" if wide else ""
    query = f"""
        SELECT i AS id,
               'article ' || (hash(i) % {ARTICLES}) AS article,
               (hash(i, 1) % 40)::BIGINT AS shop,
               DATE '2015-01-01' + (hash(i, 2) % 3650)::INTEGER AS day,
               CASE WHEN hash(i, 3) % 50 = 0 THEN NULL ELSE (hash(i, 4) % 100000) / 100.0 END AS amount,
               ((hash(i, 5) % 2000)::DOUBLE - 1000) / 7 AS margin{more}
        FROM range({rows}) t(i)"""
    part = path.with_suffix(".part")
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '2GB'")
        connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
        connection.execute(f"COPY ({query}) TO '{part}' (FORMAT parquet, COMPRESSION snappy)")
    part.rename(path)
    return path


def make_articles(folder: Path) -> Path:
    """What is known of each article."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "articles.parquet"
    if not path.exists():
        query = f"""SELECT 'article ' || i AS article, 'region ' || (i % 12) AS region, i % 100 / 10.0 AS weight
                    FROM range({ARTICLES}) t(i)"""
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path
