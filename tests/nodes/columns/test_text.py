from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import SettingError
from peephole.nodes.columns.text import clean_text, combine_columns, extract_text, replace_text, split_text

TEXT = pa.schema({"t": pa.string(), "n": pa.int64()})
TEXTS = st.lists(st.none() | st.text("aBä ,.1\\'(", max_size=8), max_size=8)


def framed(on, texts):
    return on.frame([{"t": t, "n": i} for i, t in enumerate(texts)], TEXT)


def column(on, frame, name):
    return [r[name] for r in on.rows(frame)]


def each(texts, change):
    return [None if t is None else change(t) for t in texts]


@given(texts=TEXTS)
def test_cleaning(on, texts):
    def cleaned(*steps):
        return column(on, clean_text(framed(on, texts), columns=["t"], steps=list(steps)), "t")

    assert cleaned("trim", "upper") == each(texts, lambda t: t.strip(" ").upper())
    assert cleaned("capital") == each(texts, str.capitalize)
    assert cleaned("no accents", "lower") == each(texts, lambda t: t.replace("ä", "a").lower())
    assert cleaned("single spaces", "trim", "empty is missing") == each(texts, lambda t: " ".join(t.split()) or None)


@given(texts=TEXTS, find=st.text("aB.(\\", min_size=1, max_size=2), new=st.text("x\\1$", max_size=2))
def test_replacing(on, texts, find, new):
    def replaced(**settings):
        frame = replace_text(framed(on, texts), columns=["t"], find=find, replacement=new, **settings)
        return column(on, frame, "t")

    def anyhow(text):
        return re.sub(re.escape(find), lambda _: new, text, flags=re.IGNORECASE)

    assert replaced() == each(texts, lambda t: t.replace(find, new))
    assert replaced(mode="whole") == each(texts, lambda t: new if t == find else t)
    assert replaced(ignore_case=True) == each(texts, anyhow)


def test_patterns_replace_with_what_they_found(on):
    found = replace_text(
        framed(on, ["a1b22", None]), columns=["t"], find="([0-9])", replacement=r"<\1>", mode="pattern"
    )
    assert column(on, found, "t") == ["a<1>b<2><2>", None]


def test_extracting(on):
    frame = framed(on, ["12 km", "3 MI to 4 km", "far", None])
    found = extract_text(frame, column="t", pattern="([0-9]+) (km|mi)", names=["x", "unit"], ignore_case=True)
    assert [(r["x"], r["unit"]) for r in on.rows(found)] == [("12", "km"), ("3", "MI"), (None, None), (None, None)]
    assert column(on, extract_text(frame, column="t", pattern="[a-z]+", names=["w"]), "w") == ["km", "to", "far", None]


@given(texts=TEXTS)
def test_splitting(on, texts):
    frame = framed(on, texts)
    cut = each(texts, lambda t: [p.strip(" ") for p in t.split(",")])
    assert column(on, split_text(frame, column="t", into="list"), "t parts") == cut
    found = on.rows(split_text(frame, column="t", names=["x", "y"]))
    padded = [[None, None] if c is None else [*c, None][:2] for c in cut]
    assert [[r["x"], r["y"]] for r in found] == padded
    raw = on.rows(split_text(frame, column="t", parts=1, trim=False))
    assert [r["t 1"] for r in raw] == each(texts, lambda t: t.split(",")[0])


@given(texts=TEXTS)
def test_combining(on, texts):
    def combined(missing):
        return column(
            on, combine_columns(framed(on, texts), columns=["n", "t"], separator="-", missing=missing), "combined"
        )

    assert combined("skip") == [f"{i}" if t is None else f"{i}-{t}" for i, t in enumerate(texts)]
    assert combined("empty") == [f"{i}-{t or ''}" for i, t in enumerate(texts)]
    assert combined("missing") == [None if t is None else f"{i}-{t}" for i, t in enumerate(texts)]


def test_patterns_that_cannot_be_used(on):
    with pytest.raises(SettingError, match=r"pattern \(a cannot be used: missing") as caught:
        replace_text(framed(on, []), columns=["t"], find="(a", mode="pattern")
    assert caught.value.setting == "find"
    with pytest.raises(SettingError, match="fewer parts in parentheses than the 2"):
        extract_text(framed(on, []), column="t", pattern="(a)", names=["x", "y"])
    with pytest.raises(SettingError, match="one column"):
        split_text(framed(on, []), column="t", into="list", names=["x", "y"])
