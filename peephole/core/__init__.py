"""What everything is made of: nodes, port types, settings, errors, progress. Imports no data library."""
