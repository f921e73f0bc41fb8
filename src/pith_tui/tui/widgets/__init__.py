"""The widgets: panes of rows, and the bars above and below them."""
