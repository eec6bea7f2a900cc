"""Neural networks that can be read: recurrent cells, layers, traces. Importing this room imports torch."""
