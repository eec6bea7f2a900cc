"""Views: nodes that draw a table. Each aggregates in the engine and collects only what is drawn."""
