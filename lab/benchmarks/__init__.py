"""How fast the core is, against what people would use instead. Nothing here is part of the site."""
