"""Implementations of `clinics.ports`: each module alone knows the package or service it wraps."""
