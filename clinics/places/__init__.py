"""Where: typed text, towns and ZIP codes, distance, and looking addresses up."""
