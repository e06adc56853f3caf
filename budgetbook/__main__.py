"""`python -m budgetbook`, where no console script is on the path."""

from .cli import main

main()
