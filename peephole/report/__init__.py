"""What a run leaves for people to read: the drawn workflow and the page of results."""
