"""`python -m grantflow.cli`: the command line where no script is installed, and for child processes."""

from grantflow.cli import main

main()
