"""The commands of every screen: keys, footers, palette, help and keymap all come from here.

One module per group, loaded with its screen; ``registry`` lists all groups.
"""
