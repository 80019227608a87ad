"""`python -m xmt_scoring`: the command `xmt`, where its own script is not on the path."""

from xmt_scoring.cli import main

main()
