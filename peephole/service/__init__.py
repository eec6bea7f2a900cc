"""A workflow as an HTTP service: what does not hang on the request is made once, the rest for each batch of rows."""
