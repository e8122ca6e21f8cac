"""What is known about the therapy: topics, references, costs, and their check."""
