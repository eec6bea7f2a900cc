"""Networks drawn with nodes: inputs, layers, outputs; training them on tables, and using them."""
