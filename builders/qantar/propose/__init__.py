"""Drafts of layers for a new text: pure functions from a text to records."""
