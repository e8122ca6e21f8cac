"""The pages that need no JavaScript, the embed, and what search engines read."""
