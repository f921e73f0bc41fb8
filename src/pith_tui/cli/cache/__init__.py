"""``pith-tui cache``: the commands for the local cache, one module each."""

DESCRIPTION = "Inspect and manage the local cache."
EPILOG = """\
A FILTER is a search as in the browser: words of title and authors, each matched from its start,
and the fields title: author: id: cat: year:2025 year:2020..2024

examples:
  pith-tui cache list cat:cs.AI year:2025 cormode
  pith-tui cache import records.jsonl.gz mirror/ -
  pith-tui cache verify --report report.jsonl     add --resume to continue after an interruption
  pith-tui cache export --mirror site/            can be served by any web server
  pith-tui cache prune --older-than 90            dry run by default; --yes applies"""
