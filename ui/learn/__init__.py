"""The pages that explain: topics, their tools, and guides to towns."""
