"""Training a drawn network on a table: `loop` trains, `settings` says how; the latter needs no torch."""
