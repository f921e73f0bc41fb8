"""The cache: SQLite with the exact bytes of every answer, and what finds them again."""
