"""Implementations of `clinics.domain.ports`: each alone knows the package it wraps."""
