"""The same steps by hand: with pandas, with Orange, and in DuckDB's SQL as the floor. Each writes its result to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

EDGES = [100.0, 250.0, 500.0, 750.0]
LABELS = ["< 100", "[100, 250)", "[250, 500)", "[500, 750)", "≥ 750"]


def pandas(step: str, sales: Path, articles: Path, folder: Path) -> int:
    """As it is written by those who write pandas every day."""
    import pandas as pd

    frame = pd.read_parquet(sales)
    out = folder / "out.parquet"
    if step == "chain":
        known = pd.read_parquet(articles)
        kept = frame[(frame["amount"] > 20) & (frame["margin"] > -100)]
        joined = kept.merge(known, on="article")
        limits = [-float("inf"), *EDGES, float("inf")]
        joined["size"] = pd.cut(joined["amount"], limits, right=False, labels=LABELS).astype(str)
        grouped = joined.groupby(["region", "shop", "size"], as_index=False).agg(
            turnover=("amount", "sum"), margin=("margin", "mean")
        )
        made = grouped.pivot_table(index=["region", "shop"], columns="size", values="turnover", aggfunc="sum")
        made = made.reset_index().sort_values(["region", "shop"], ascending=[True, False])
    elif step == "normalise":
        made = frame
        for name in ("amount", "margin"):
            made[name] = (made[name] - made[name].mean()) / made[name].std()
    elif step == "partition":
        first = frame.sample(frac=0.7, random_state=1)
        frame.drop(first.index).to_parquet(folder / "rest.parquet")
        made = first.sort_index()
    elif step == "lag":
        made = frame.sort_values("id")
        made["amount lag 1"] = made.groupby("article")["amount"].shift(1)
    elif step == "distinct":
        made = frame.drop_duplicates(["article", "shop", "day"])
    elif step == "full sort":
        made = frame.sort_values(["day", "amount"], kind="stable")
    elif step == "group by text":
        made = frame.groupby("text", as_index=False)["amount"].sum()
    else:
        made = frame.merge(pd.read_parquet(articles), on="id")
    made.to_parquet(out)
    return len(made)


_SIZE = " ".join(f"WHEN amount < {edge} THEN '{label}'" for edge, label in zip(EDGES, LABELS, strict=False))
_CELLS = ", ".join(f"sum(turnover) FILTER (size = '{label}') AS \"{label}\"" for label in LABELS)
SQL = {
    "chain": f"""
        WITH grouped AS (
            SELECT region, shop, CASE {_SIZE} ELSE '{LABELS[-1]}' END AS size, sum(amount) AS turnover, avg(margin) AS margin
            FROM '{{sales}}' JOIN '{{articles}}' USING (article) WHERE amount > {{least}} AND margin > -100 GROUP BY ALL)
        SELECT region, shop, {_CELLS} FROM grouped GROUP BY region, shop ORDER BY region, shop DESC""",
    "normalise": """
        SELECT id, article, shop, day, (amount - ma) / sa AS amount, (margin - mm) / sm AS margin FROM '{sales}',
        (SELECT avg(amount) AS ma, stddev(amount) AS sa, avg(margin) AS mm, stddev(margin) AS sm FROM '{sales}')""",
    "lag": "SELECT *, lag(amount) OVER (PARTITION BY article ORDER BY id) FROM '{sales}'",
    "distinct": "SELECT * FROM '{sales}' QUALIFY row_number() OVER (PARTITION BY article, shop, day ORDER BY id) = 1",
    "full sort": "SELECT * FROM '{sales}' ORDER BY day, amount",
    "group by text": "SELECT text, sum(amount) FROM '{sales}' GROUP BY text",
    "join": "SELECT * FROM '{sales}' l JOIN '{articles}' r USING (id)",
}


def sql_of(step: str, sales: Path, articles: Path, *, least: float = 20) -> str:
    """The query of a step.  least: what the chain takes amounts above."""
    return SQL[step].format(sales=sales, articles=articles, least=f"{least:g}")


def sql(step: str, sales: Path, articles: Path, folder: Path) -> int:
    """Hand-written SQL, straight from file to file: the floor."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = '{folder / 'spill'}'")

    def copy(query: str, name: str) -> int:
        done = connection.execute(f"COPY ({query}) TO '{folder / name}' (FORMAT parquet, COMPRESSION lz4_raw)")
        return int(done.fetchall()[0][0])

    if step == "partition":
        lots = f"SELECT *, hash(id) % 1000 AS lot FROM '{sales}'"
        chosen = copy(f"SELECT * EXCLUDE lot FROM ({lots}) WHERE lot < 700", "train.parquet")
        return chosen + copy(f"SELECT * EXCLUDE lot FROM ({lots}) WHERE lot >= 700", "test.parquet")
    return copy(sql_of(step, sales, articles), "out.parquet")


def orange(step: str, sales: Path, _articles: Path, _folder: Path) -> int:
    """What Orange's table can do of it, without its windows; texts are read as categories."""
    import pandas as pd
    from Orange.data import Table  # type: ignore[import-not-found]
    from Orange.data.pandas_compat import table_from_frame  # type: ignore[import-not-found]
    from Orange.preprocess import Normalize  # type: ignore[import-not-found]

    frame = pd.read_parquet(sales, columns=["id", "article", "shop", "amount", "margin"])
    table: Any = table_from_frame(frame, force_nominal=False)
    if step == "normalise":
        made = Normalize(norm_type=Normalize.NormalizeBySD)(table)
    elif step == "partition":
        made = table[: int(len(table) * 0.7)]
    elif step == "chain":
        from Orange.data.aggregate import OrangeTableGroupBy  # type: ignore[import-not-found]

        values = table.get_column("amount")
        kept = table[(values > 20) & (table.get_column("margin") > -100)]
        grouped = OrangeTableGroupBy(kept, [table.domain["shop"]])
        made = grouped.aggregate({table.domain["amount"]: [("turnover", "sum")]})
    else:
        raise SystemExit("not possible")
    assert isinstance(made, Table)
    return len(made)


CONTESTANTS = {"pandas": pandas, "SQL": sql, "Orange": orange}
