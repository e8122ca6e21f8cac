"""Benchmarks and long trials; nothing of the service needs them."""
