"""The cache: SQLite with the exact bytes of every response, and what finds them again."""
