"""A record or a report as text for people and scripts; nothing of Textual."""
