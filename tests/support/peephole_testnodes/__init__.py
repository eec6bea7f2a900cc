"""Nodes of another package, found through its entry point, for testing the engine: light, slow, failing and deadly ones."""
