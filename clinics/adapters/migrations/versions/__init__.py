"""The steps themselves, each with the number of the one before it."""
