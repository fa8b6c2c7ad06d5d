"""The model: numbers in, frozen results out. Knows no file, database, screen or language."""
