"""Joining, grouping and reshaping whole tables."""
