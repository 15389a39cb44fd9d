"""One's own first page, over all rooms: what waits, what comes, where everything is."""
