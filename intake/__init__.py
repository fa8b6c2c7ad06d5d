"""A stranger's file becomes checked rows and a report. Knows no database."""
