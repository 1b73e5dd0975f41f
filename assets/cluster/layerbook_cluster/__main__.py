"""`python -m layerbook_cluster` and `torchrun -m layerbook_cluster`."""

from .cli import main

main()
