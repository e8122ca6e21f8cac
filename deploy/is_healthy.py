"""End with 0 if this machine's service can answer a search; a status alone would not tell.

An address that nobody serves is answered with the app's page and 200, so the body counts.
"""

import json
import os
import sys
import urllib.request

PORT = os.environ.get("STREAMLIT_SERVER_PORT", "8501")

try:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=4) as answer:
        status = json.load(answer)["status"]
except (OSError, ValueError, LookupError, TypeError) as problem:
    status = type(problem).__name__
if status != "ok":
    sys.exit(f"The service is not healthy: {status}.")
