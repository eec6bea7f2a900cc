"""Making and changing columns."""
