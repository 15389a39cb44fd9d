"""`python -m grantflow.cli`: the command line where no script is installed, and for child processes."""

from grantflow.cli import main

if __name__ == "__main__":  # the processes that make PDFs and pages import this module anew
    main()
