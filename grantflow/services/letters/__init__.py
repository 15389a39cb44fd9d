"""Letters and notices: files of plain sentences, filled in with what a record knows, as mail and as paper."""
