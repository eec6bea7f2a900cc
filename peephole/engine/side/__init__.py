"""The side process of a document: it looks at what is there (columns, rows, statistics) while the worker works."""
