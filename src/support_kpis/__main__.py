"""`python -m support_kpis` is the command `support-kpis`."""

from support_kpis.cli import main

if __name__ == "__main__":
    main()
