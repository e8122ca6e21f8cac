"""The long trials: kills, faults, load and fuzzing, far beyond what fits into `make test`."""
