"""Drives the real service in a real Chromium. A package, so that the browser ends with it."""
