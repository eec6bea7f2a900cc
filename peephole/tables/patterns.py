"""Regular expressions as the engine understands them (RE2), checked before any row is read."""

from __future__ import annotations

import re

import duckdb

from peephole.core.errors import SettingError
from peephole.tables.duck_errors import plain_text
from peephole.tables.schema import literal


def check_pattern(pattern: str, *, groups: int = 0, title: str, setting: str) -> None:
    """Raise SettingError where the pattern is wrong, or has fewer groups in parentheses than wanted."""
    names = f", {[f'g{i}' for i in range(groups)]}" if groups else ""
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute(f"SELECT regexp_extract('', {literal(pattern)}{names})")
        except duckdb.BinderException as error:
            raise SettingError(
                f"{title}: the pattern {pattern} has fewer parts in parentheses than the {groups} new columns.",
                remedy="Put parentheses around each part, or take fewer columns.",
                setting=setting,
            ) from error
        except duckdb.Error as error:
            raise SettingError(
                f"{title}: the pattern {pattern} cannot be used: {plain_text(str(error))}.",
                remedy="Write a regular expression, as: ([0-9]+) km.",
                setting=setting,
            ) from error


def has_groups(pattern: str) -> bool:
    """Whether a checked pattern has a part in parentheses."""
    try:
        check_pattern(pattern, groups=1, title="", setting="")
    except SettingError:
        return False
    return True


def exactly(text: str) -> str:
    """A pattern that fits this text only."""
    return re.escape(text)
