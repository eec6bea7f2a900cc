"""The readable reference cells: one file a cell, with its forward pass, its hand-derived backward pass and its description."""
