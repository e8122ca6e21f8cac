"""The names under which the keeper's pages keep something in a session.

Owns names only; the names of a search stand in `ui.state`, beside the rules for them.
"""

KEEPER = "keeper"
SIGN_IN_NAME, SIGN_IN_TOKEN = "sign_in_name", "sign_in_token"
SIGN_IN_PROBLEM = "sign_in_problem"

PINNED = "directory_of_this_run"
PREVIEW, PREVIEW_ENDED = "previewed_upload", "preview_ended"

PART = "manage_part"
ROUND = "manage_round"
UPLOADER = "manage_file_{}"
STAGED = "manage_staged"
BASED_ON = "manage_based_on"
KIND = "manage_kind"
SETTLES = "manage_settles"
MODE = "manage_mode_{}"
GOOD_ROWS = "manage_good_rows_{}"
ACKNOWLEDGED = "manage_acknowledged_{}"
TYPED = "manage_typed_{}"
NOTE = "manage_note_{}"
SHOWN = "manage_shown_{}"
SOUGHT = "manage_sought_{}"
OUTCOME = "manage_outcome"
OPEN_NEXT = "manage_open_next"

EDITING, BEFORE = "manage_editing", "manage_before"
FORM, FORM_SETTLES = "manage_form", "manage_form_settles"
LOOKING_UP, LOOKUP = "manage_looking_up", "manage_lookup"
LOCATED = "manage_located"
FIELD = "manage_field_{}_{}"
GRID, GRIDS, GRID_ROWS = "manage_grid_{}", "manage_grids", "manage_grid_rows"
REASON = "manage_reason_{}"
OLDER, NEWER = "manage_older", "manage_newer"
VERSION = "manage_version"
"""Keys with {} get the name of what they belong to, so that another file starts afresh."""
