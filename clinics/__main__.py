"""The door of the command line: `python -m clinics`."""

try:
    from clinics.cli.main import main
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] == "clinics":
        raise
    raise SystemExit(
        f"The package {missing.name} is missing. Run `make run` once, which installs what is "
        "needed, and then `. .venv/bin/activate`; without make, run "
        "`pip install -r requirements.txt`."
    ) from None

raise SystemExit(main())
