"""The only room that knows DuckDB and the data folder."""
