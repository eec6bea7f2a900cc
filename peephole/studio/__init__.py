"""The studio: the web server of the workbench. It serves, remembers and passes on; it never computes."""
