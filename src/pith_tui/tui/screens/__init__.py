"""The screens: the record with its panes, and help."""
