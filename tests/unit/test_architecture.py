"""Who may import whom: the source is parsed, and the design is held to its word."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("clinics", "ui", "pages", "scripts", "tests", "app")
SOURCES = sorted(
    [
        ROOT / "app.py",
        *(p for folder in ("clinics", "ui", "pages") for p in (ROOT / folder).rglob("*.py")),
    ]
)
CORE = [path for path in SOURCES if "clinics" in path.relative_to(ROOT).parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Every module a file imports, and every name it imports from one: `geopy.geocoders` too."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports by a relative path"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def importers(package: str) -> set[str]:
    """The files that import a package or anything in it."""
    return {
        name_of(path)
        for path in SOURCES
        if any(name == package or name.startswith(f"{package}.") for name in imports_of(path))
    }


def calls_of(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def test_the_core_knows_nothing_of_streamlit_nor_of_the_pages() -> None:
    for package in ("streamlit", "streamlit_folium", "ui", "pages", "app"):
        assert not [name for name in importers(package) if name.startswith("clinics/")], package


def test_the_map_library_has_one_importer() -> None:
    assert importers("folium") == {"clinics/present/map.py", "clinics/present/map_of_moves.py"}


def test_the_map_widget_is_drawn_only_in_the_shell() -> None:
    found = importers("streamlit_folium")
    assert found
    assert all(name.startswith("ui/") for name in found)


def test_nothing_loads_the_map_widget_before_the_server_runs() -> None:
    """A component that is declared before its server runs is never served: every map is empty."""
    code = "import sys, app; print('streamlit_folium' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_maker_of_pdfs_has_one_importer() -> None:
    assert importers("fpdf") == {"clinics/present/paper.py"}


def test_geocoders_have_one_importer() -> None:
    assert importers("geopy.geocoders") == {"clinics/adapters/nominatim.py"}


def test_databases_are_known_to_the_adapters_only() -> None:
    for package in ("sqlalchemy", "alembic", "psycopg", "sqlite3"):
        found = [name for name in importers(package) if not name.startswith("clinics/adapters/")]
        assert not found, package
    assert importers("sqlalchemy")


def test_the_web_server_is_known_to_the_routes_only() -> None:
    found = {name for name in importers("starlette") if name.startswith("clinics/")}
    assert found
    assert all(name.startswith("clinics/web/") for name in found)


def test_the_nouns_import_nothing_of_ours() -> None:
    """But the sentences in the language that is spoken, which import nothing of ours."""
    for name, allowed in (("model", "clinics.domain.language"), ("language", "none")):
        found = imports_of(ROOT / "clinics" / "domain" / f"{name}.py")
        ours = [each for each in found if each.split(".")[0] in OURS]
        assert not [each for each in ours if not each.startswith(allowed)]


def test_adapters_are_chosen_in_one_place() -> None:
    found = importers("clinics.adapters")
    found = {name for name in found if not name.startswith("clinics/adapters/")}
    assert found == {"clinics/bootstrap.py"}


def test_the_shell_does_not_import_pages_and_pages_do_not_import_each_other() -> None:
    assert importers("pages") == set()
    assert importers("app") == set()


def test_nothing_of_the_service_imports_tests_or_scripts() -> None:
    assert importers("tests") == importers("scripts") == set()


def test_caches_are_in_one_module_and_each_has_a_limit() -> None:
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and node.attr in ("cache_data", "cache_resource"):
                assert name_of(path) == "ui/resources.py"
    resources = ROOT / "ui" / "resources.py"
    caches = [
        decorator
        for node in ast.walk(tree_of(resources))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if "cache_" in ast.unparse(decorator)
    ]
    assert caches
    for decorator in caches:
        assert isinstance(decorator, ast.Call), ast.unparse(decorator)
        assert "max_entries" in {keyword.arg for keyword in decorator.keywords}


def _session_keys(path: Path) -> Iterator[ast.expr]:
    """Every key by which a file reaches into the session's state."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Subscript) and _is_session_state(node.value):
            yield node.slice
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _is_session_state(node.func.value)
            and node.args
        ):
            yield node.args[0]


def _is_session_state(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session_state"


def _unformatted(key: ast.expr) -> ast.expr:
    """Return the name of a key that is made by `NAME.format(...)`."""
    if isinstance(key, ast.Call) and isinstance(key.func, ast.Attribute):
        return key.func.value if key.func.attr == "format" else key
    return key


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_keys_of_the_session_are_spelled_out_in_two_modules(path: Path) -> None:
    if name_of(path) in ("ui/state.py", "ui/keys.py"):
        return
    for key in map(_unformatted, _session_keys(path)):
        assert isinstance(key, (ast.Name, ast.Attribute)), ast.unparse(key)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and _is_session_state(node.value):
            assert node.attr in dir(dict), f"session_state.{node.attr}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_is_evaluated_and_nothing_is_drawn_as_raw_html(path: Path) -> None:
    for call in calls_of(path):
        name = ast.unparse(call.func)
        assert name not in ("eval", "exec", "pickle.loads")
        assert "unsafe_allow_html" not in {keyword.arg for keyword in call.keywords}


def test_the_service_is_under_forty_lines() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 40


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_is_under_500_lines_and_says_what_it_is_for(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 500
    assert ast.get_docstring(tree_of(path)) or not path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_is_under_50_lines(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


FLOORS = (
    {"pages", "app"}, {"ui"}, {"web", "cli"}, {"bootstrap"}, {"publishing", "present"},
    {"directory"}, {"across_files"}, {"search", "intake"}, {"places", "explainer", "adapters"},
    {"domain", "settings"},
)  # fmt: skip
"""From the roof down: each room may use only what is on a floor below its own."""

FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}


def room_of(dotted: str) -> str:
    """Return the room a module is in: `clinics.search.query` is in `search`."""
    first, _, rest = dotted.partition(".")
    return rest.partition(".")[0] if first == "clinics" else first


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_each_room_uses_only_the_floors_below(path: Path) -> None:
    here = room_of(name_of(path).removesuffix(".py").replace("/", "."))
    if here in ("__init__", "__main__"):
        return
    for name in imports_of(path):
        there = room_of(name) if name.split(".")[0] in OURS else ""
        if there and there != here:
            assert FLOOR_OF[there] > FLOOR_OF[here], f"{name_of(path)} imports {name}"


def test_the_core_shows_a_newcomer_its_rooms_and_nothing_else() -> None:
    shown = {path.name.removesuffix(".py") for path in (ROOT / "clinics").iterdir()}
    rooms = {room for room in FLOOR_OF if room not in ("pages", "app", "ui")}
    assert shown - {"__init__", "__main__", "__pycache__"} == rooms


def test_there_are_modules_to_hold_to_all_this() -> None:
    assert len(CORE) > 15
    assert len(SOURCES) > len(CORE) + 8
