"""What the browser asks of the system: the clipboard and a web browser."""
