"""`python -m shequtong` is `shequtong`."""

from shequtong.cli import main

main()
