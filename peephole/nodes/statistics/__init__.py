"""Figures that describe and compare columns."""
