"""The door of the command line: `python -m clinics`."""

from clinics.cli.main import main

raise SystemExit(main())
