"""Benchmarks: a file a claim; each writes its table into docs/benchmarks."""
