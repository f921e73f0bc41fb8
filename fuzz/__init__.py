"""Coverage-guided fuzzing, on demand; see README.md beside this file."""
