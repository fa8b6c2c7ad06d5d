"""Merwerode Techniek, a fictional firm: a seeded generator and the small files it made."""
