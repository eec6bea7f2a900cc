"""The node library: a folder a family, a file a small group of nodes. The catalog finds them; nothing here imports them."""
