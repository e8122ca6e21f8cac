"""The keeper's pages: upload, check, review, publish, mend, undo."""
