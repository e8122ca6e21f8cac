"""What is true of Maryland's directory alone; with another one nothing here is asked."""

from clinics.domain.site import load_site
from tests.folders import SHOWN

collect_ignore_glob = (
    [] if load_site(SHOWN).title.startswith("Maryland ketamine") else ["test_*.py"]
)
