"""Texts of cells become dates, numbers and known words. Each distinct text is read once, however often it occurs."""
