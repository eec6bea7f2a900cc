"""Shows a run while it happens: live lines on a terminal, plain lines in a log, one JSON event a line for machines."""
