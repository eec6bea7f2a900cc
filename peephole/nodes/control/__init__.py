"""Which way rows go, and values that feed settings."""
