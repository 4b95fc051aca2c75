"""Languages that spaCy lacks."""
