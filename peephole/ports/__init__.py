"""How values of each port type are kept on disk and passed to plain calls. Never pickle."""
