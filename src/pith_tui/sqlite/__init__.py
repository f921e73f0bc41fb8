"""SQLite files of this program: bounded connections, opening and migration, repair, errors."""
