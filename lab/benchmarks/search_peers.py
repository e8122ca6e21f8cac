"""What people would use instead of our search, each written as well as we could.

All of
them answer the same question: how many match, and the 50 nearest, by the great circle except where
the peer's own way is the geodesic.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinics.domain.model import Point
from clinics.places.distance import Floats

RADIUS, NEAREST = 25.0, 50
CONDITION, CATEGORY = "ptsd", "ketamine"
EARTH_MILES = 3958.761
SPHERE_ERROR = 0.006
"""A great circle is at most 0.56% off the geodesic."""

Answer = tuple[int, list[str]]
"""How many match, and the ids of the nearest."""

Ask = Callable[[Point], Answer]


def fits(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which clinics pass the filters, by pandas."""
    ours = (table["category"] == CATEGORY) & (table["status"] != "closed")
    return (ours & table["conditions"].str.contains(rf"\b{CONDITION}\b", regex=True)).to_numpy(bool)


def great_circle(point: Point, lat: Floats, lon: Floats) -> Floats:
    """Return great-circle miles (haversine)."""
    phi, lam = np.radians(lat), np.radians(lon)
    here, there = np.radians(point.lat), np.radians(point.lon)
    half = np.sin((phi - here) / 2) ** 2
    half += np.cos(here) * np.cos(phi) * np.sin((lam - there) / 2) ** 2
    return np.asarray(2 * EARTH_MILES * np.arcsin(np.sqrt(half)))


def box(point: Point) -> tuple[float, float, float, float]:
    """Return the south, north, west and east that the radius cannot pass."""
    up = RADIUS * (1 + SPHERE_ERROR) / 69.0
    aside = up / np.cos(np.radians(abs(point.lat) + up))
    return point.lat - up, point.lat + up, point.lon - aside, point.lon + float(aside)


def nearest(miles: Floats, ids: Sequence[str] | NDArray[np.object_]) -> Answer:
    """Return the answer of these miles."""
    inside = np.flatnonzero(miles <= RADIUS)
    near = miles[inside]
    if len(near) > NEAREST:
        first = np.argpartition(near, NEAREST)[:NEAREST]
        best = inside[first[np.argsort(near[first])]]
    else:
        best = inside[np.argsort(near)]
    return len(inside), [ids[i] for i in best.tolist()]


def pandas_geopy(table: pd.DataFrame) -> Ask:
    """Make the usual way of an app: filter the table, apply geopy's geodesic to each row."""
    from geopy.distance import geodesic

    frame = table.assign(lat=table["latitude"].astype(float), lon=table["longitude"].astype(float))

    def ask(point: Point) -> Answer:
        chosen = frame[fits(frame)]
        here = (point.lat, point.lon)
        miles = chosen.apply(lambda row: geodesic(here, (row["lat"], row["lon"])).miles, axis=1)
        if chosen.empty:
            return 0, []
        near = chosen.assign(miles=miles)[miles <= RADIUS]
        return len(near), near.nsmallest(NEAREST, "miles")["id"].tolist()

    return ask


def numpy_scan(table: pd.DataFrame) -> Ask:
    """Make a scan of every distance, every time; what passes the filters is known beforehand."""
    lat, lon = (table[name].to_numpy(np.float64) for name in ("latitude", "longitude"))
    ids, keep = table["id"].to_numpy(object), fits(table)

    def ask(point: Point) -> Answer:
        miles = great_circle(point, lat, lon)
        return nearest(np.where(keep, miles, np.inf), ids)

    return ask


def _flags(table: pd.DataFrame) -> tuple[list[int], list[int], list[int]]:
    """Return category, openness and condition as integers, the quickest a database compares."""
    says = table["conditions"].str.contains(rf"\b{CONDITION}\b", regex=True)
    columns = (table["category"] == CATEGORY, table["status"] != "closed", says)
    category, is_open, says_so = (column.to_numpy(np.int64).tolist() for column in columns)
    return category, is_open, says_so


def sqlite_rtree(table: pd.DataFrame) -> Ask:
    """Make an R*Tree of SQLite that also holds what is filtered by: the box in SQL, then miles."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "create virtual table at using rtree(row, south, north, west, east, "
        "+lat real, +lon real, +main integer, +open integer, +says integer)"
    )
    lat, lon = (table[name].to_numpy(np.float64) for name in ("latitude", "longitude"))
    order = np.lexsort((lon, np.floor(lat * 10)))  # in the order of cells it packs better
    y, x = lat[order].tolist(), lon[order].tolist()
    flags = [np.array(column)[order].tolist() for column in _flags(table)]
    rows = zip(order.tolist(), y, y, x, x, y, x, *flags, strict=True)
    database.executemany("insert into at values (?,?,?,?,?,?,?,?,?,?)", rows)
    ids = table["id"].to_numpy(object)

    def ask(point: Point) -> Answer:
        south, north, west, east = box(point)
        found = database.execute(
            "select row, lat, lon from at where north >= ? and south <= ? and east >= ? and "
            "west <= ? and main = 1 and open = 1 and says = 1",
            (south, north, west, east),
        ).fetchall()
        if not found:
            return 0, []
        row, y, x = np.array(found).T
        return nearest(great_circle(point, y, x), ids[row.astype(np.int64)])

    return ask


def duckdb_table(table: pd.DataFrame) -> Ask:
    """Make a DuckDB table in memory, in the order of cells so that its statistics skip most."""
    import duckdb

    lat, lon = (table[name].to_numpy(np.float64) for name in ("latitude", "longitude"))
    main, is_open, says = _flags(table)
    frame = pd.DataFrame(
        {"row": np.arange(len(table)), "lat": lat, "lon": lon, "main": main, "open": is_open,
         "says": says}
    ).iloc[np.lexsort((lon, np.floor(lat * 2)))]  # fmt: skip
    database = duckdb.connect(":memory:")
    database.register("frame", frame)
    database.execute("create table clinics as select * from frame")
    database.unregister("frame")
    ids = table["id"].to_numpy(object)
    question = f"""
        with near as (
            select row, 2 * {EARTH_MILES} * asin(sqrt(
                pow(sin(radians(lat - $lat) / 2), 2) + cos(radians($lat)) * cos(radians(lat))
                * pow(sin(radians(lon - $lon) / 2), 2))) as miles
            from clinics
            where lat between $south and $north and lon between $west and $east
            and main = 1 and open = 1 and says = 1)
        select row, count(*) over () from near where miles <= {RADIUS}
        order by miles limit {NEAREST}"""

    def ask(point: Point) -> Answer:
        names = ("lat", "lon", "south", "north", "west", "east")
        values = dict(zip(names, (point.lat, point.lon, *box(point)), strict=True))
        found = database.execute(question, values).fetchall()
        return (found[0][1] if found else 0), [ids[row] for row, _ in found]

    return ask


def ball_tree(table: pd.DataFrame) -> Ask:
    """Make scikit-learn's BallTree by haversine over all clinics, filtered after the radius."""
    from sklearn.neighbors import BallTree

    positions = np.radians(table[["latitude", "longitude"]].to_numpy(np.float64))
    tree = BallTree(positions, metric="haversine")
    ids, keep = table["id"].to_numpy(object), fits(table)

    def ask(point: Point) -> Answer:
        here = np.radians([[point.lat, point.lon]])
        rows, angles = tree.query_radius(here, RADIUS / EARTH_MILES, return_distance=True)
        passing = keep[rows[0]]
        return nearest(angles[0][passing] * EARTH_MILES, ids[rows[0][passing]])

    return ask


PEERS: dict[str, Callable[[pd.DataFrame], Ask]] = {
    "pandas + geopy": pandas_geopy,
    "NumPy scan": numpy_scan,
    "SQLite R*Tree": sqlite_rtree,
    "DuckDB": duckdb_table,
    "scikit-learn BallTree": ball_tree,
}
DATABASES = ("SQLite R*Tree", "DuckDB")
PACKAGES = ("pandas", "geopy", "numpy", "duckdb", "scikit-learn")
