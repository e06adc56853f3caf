"""Tidy figures in and out: csv, parquet, SQLite, DuckDB, with their description."""
