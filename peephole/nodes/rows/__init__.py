"""Choosing, ordering and mending rows."""
