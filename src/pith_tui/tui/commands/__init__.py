"""The commands of every screen: keys, footers, palette, help and keymap all come from here.

A module a group, loaded with the screen that it is for; ``registry`` has them all.
"""
