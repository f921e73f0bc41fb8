"""What belongs to the person: settings, bookmarks, trusted keys, paths and written files."""
