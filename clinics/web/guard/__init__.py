"""What stands around every answer: headers, limits, refusals, static files."""
