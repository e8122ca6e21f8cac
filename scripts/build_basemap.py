"""Make `basemap.geojson` of the data folder: its states' counties and those around them.

The states are those of `site.toml`, or the fewer that `[outlines]` of `sources/build.toml` names.
Needs npm unless it is given a counties file. A county that the source has flattened to a line is
missing, as Falls Church, VA, is.

python -m scripts.build_basemap [counties-10m.json]
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from scripts.sources import load_sources, shown

Position = tuple[float, float]
"""Longitude, latitude: the order of GeoJSON, and the only place where it is not lat, lon."""
Ring = list[Position]
Polygon = list[Ring]
Json = dict[str, Any]

PACKAGE = "us-atlas@3.0.1"
MEMBER = "package/counties-10m.json"
SOURCE = "US Census Bureau cartographic boundaries via us-atlas 3.0.1, public domain"
ATTRIBUTION = "County outlines: US Census Bureau"
"""Stands in the corner of the map."""

STATES = dict(
    pair.split(":")
    for pair in (
        "01:AL 02:AK 04:AZ 05:AR 06:CA 08:CO 09:CT 10:DE 11:DC 12:FL 13:GA 15:HI 16:ID 17:IL 18:IN "
        "19:IA 20:KS 21:KY 22:LA 23:ME 24:MD 25:MA 26:MI 27:MN 28:MS 29:MO 30:MT 31:NE 32:NV 33:NH "
        "34:NJ 35:NM 36:NY 37:NC 38:ND 39:OH 40:OK 41:OR 42:PA 44:RI 45:SC 46:SD 47:TN 48:TX 49:UT "
        "50:VT 51:VA 53:WA 54:WV 55:WI 56:WY 60:AS 66:GU 69:MP 72:PR 78:VI"
    ).split()
)
"""What a county's code begins with -> its state (FIPS 5-2)."""

NEIGHBOR_MILES = 50.0
"""How near a neighbor's outline must come: far enough that land does not look like open water."""
FIRST_INDEPENDENT_CITY = 510
"""County codes from 510 up are cities that belong to no county (FIPS 6-4)."""
DECIMALS = 3
"""The source has steps of 0.0009 degrees of latitude and 0.0036 of longitude."""
MILES_PER_DEGREE = 69.0


def main() -> None:
    """Write the base map and say how big it came out."""
    parser = argparse.ArgumentParser(description="Make basemap.geojson of the data folder.")
    parser.add_argument("counties", nargs="?", type=Path, help=f"{MEMBER} of {PACKAGE}")
    path: Path | None = parser.parse_args().counties
    sources = load_sources(shown())
    topology = json.loads(path.read_bytes() if path else download())
    collection = build(topology, sources.outlined)
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n"
    target = sources.folder / "basemap.geojson"
    target.write_text(text, encoding="utf-8", newline="\n")
    print(f"{target.name}: {len(collection['features'])} outlines, {len(text.encode()):,} bytes")


def download() -> bytes:
    """Fetch the package with npm and return its counties file."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", PACKAGE]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            member = package.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"{PACKAGE} needs to hold the file {MEMBER}; it is not there.")
            return member.read()


def build(topology: Json, own: Collection[str]) -> Json:
    """Turn the topology into a GeoJSON collection of our states, ordered by FIPS code."""
    arcs = decode_arcs(topology)
    outlines = {
        geometry["id"]: (geometry["properties"]["name"], polygons_of(geometry, arcs))
        for geometry in topology["objects"]["counties"]["geometries"]
        if geometry["id"][:2] in STATES
    }
    shapes = {fips: polygons for fips, (_, polygons) in outlines.items()}
    ours = {fips for fips in shapes if STATES[fips[:2]] in own}
    features = [
        feature(fips, *outlines[fips], is_ours=fips in ours)
        for fips in sorted(within_reach(shapes, ours))
    ]
    said = {"source": SOURCE, "attribution": ATTRIBUTION}
    return {"type": "FeatureCollection", **said, "features": features}


def decode_arcs(topology: Json) -> list[Ring]:
    """Undo delta coding and quantisation of every arc (TopoJSON specification, 2.1.3).

    Rounding happens here, on the arc, so that two counties keep exactly the border they share.
    """
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for step_x, step_y in deltas:
            x, y = x + step_x, y + step_y
            arc.append(
                (round(x * scale_x + shift_x, DECIMALS), round(y * scale_y + shift_y, DECIMALS))
            )
        arcs.append(arc)
    return arcs


def polygons_of(geometry: Json, arcs: list[Ring]) -> list[Polygon]:
    """Stitch a county's polygons, leaving out those that the source has flattened to nothing."""
    shapes = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    stitched = [[stitch(ring, arcs) for ring in shape] for shape in shapes]
    return [wound(polygon) for polygon in stitched if signed_area(polygon[0])]


def stitch(indices: list[int], arcs: list[Ring]) -> Ring:
    """Join arcs end to end into a closed ring; index ~i means arc i backwards."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += [here for here in arc if not ring or here != ring[-1]]
    return ring


def wound(polygon: Polygon) -> Polygon:
    """Turn the outer ring anticlockwise and holes clockwise (RFC 7946, 3.1.6); drop flat holes."""
    rings = [ring for ring in polygon if signed_area(ring)]
    return [
        ring if (signed_area(ring) > 0) is (place == 0) else ring[::-1]
        for place, ring in enumerate(rings)
    ]


def signed_area(ring: Ring) -> float:
    """Measure a ring in square degrees, above zero when anticlockwise (shoelace formula)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def within_reach(outlines: dict[str, list[Polygon]], ours: set[str]) -> set[str]:
    """Choose our own counties, neighbors that come near, and cities enclosed by either."""
    corners = {fips: points(polygons) for fips, polygons in outlines.items() if polygons}
    own = {point for fips in ours & corners.keys() for point in corners[fips]}
    if not own:
        raise SystemExit("The file of counties has none of the states of site.toml.")
    around = box(own)
    chosen = {
        fips
        for fips, shape in corners.items()
        if fips in ours or any(around(point) and is_near(point, own) for point in shape)
    }
    drawn = {point for fips in chosen for point in corners[fips]}
    return chosen | {fips for fips, shape in corners.items() if shape <= drawn}


def points(polygons: list[Polygon]) -> set[Position]:
    """Collect the corners of a county."""
    return {point for polygon in polygons for ring in polygon for point in ring}


def box(own: set[Position]) -> Callable[[Position], bool]:
    """Return what is True of a point in the rectangle around ours and NEIGHBOR_MILES of it."""
    (west, east), (south, north) = ((min(each), max(each)) for each in zip(*own, strict=True))
    high = NEIGHBOR_MILES / MILES_PER_DEGREE
    wide = high / math.cos(math.radians(max(abs(south), abs(north)) + high))
    return lambda point: (
        west - wide <= point[0] <= east + wide and south - high <= point[1] <= north + high
    )


def is_near(point: Position, others: set[Position]) -> bool:
    """Return True if any of the others lies within NEIGHBOR_MILES, on a flat earth."""
    shrink = math.cos(math.radians(point[1]))
    return any(
        math.hypot((point[0] - lon) * shrink, point[1] - lat) * MILES_PER_DEGREE <= NEIGHBOR_MILES
        for lon, lat in others
    )


def feature(fips: str, name: str, polygons: list[Polygon], *, is_ours: bool) -> Json:
    """Describe one county as a GeoJSON feature with a point for its label."""
    lon, lat = label_point(max(polygons, key=lambda polygon: abs(signed_area(polygon[0]))))
    single, is_city = len(polygons) == 1, int(fips[2:]) >= FIRST_INDEPENDENT_CITY
    return {
        "type": "Feature",
        "id": fips,
        "properties": {
            "name": f"{name} city" if is_city and not name.endswith(" City") else name,
            "state": STATES[fips[:2]],
            "kind": "county" if is_ours else "neighbor",
            "label_lat": lat,
            "label_lon": lon,
        },
        "geometry": {
            "type": "Polygon" if single else "MultiPolygon",
            "coordinates": polygons[0] if single else polygons,
        },
    }


def label_point(polygon: Polygon) -> Position:
    """Choose a point inside a polygon: its centroid, else the middle of the widest span there."""
    lon, lat = centroid(polygon[0])
    crossings = sorted(crossings_at(lat, polygon))
    spans = list(zip(crossings[::2], crossings[1::2], strict=True))
    if not any(west < lon < east for west, east in spans):
        west, east = max(spans, key=lambda span: span[1] - span[0])
        lon = (west + east) / 2
    return round(lon, DECIMALS), round(lat, DECIMALS)


def centroid(ring: Ring) -> Position:
    """Find the center of area of a ring, measured from its first corner to keep precision."""
    lon, lat = ring[0]
    shifted = [(x - lon, y - lat) for x, y in ring]
    six_areas = 6 * signed_area(shifted)
    weighted = [(p, q, p[0] * q[1] - q[0] * p[1]) for p, q in pairwise(shifted)]
    return (
        lon + sum((p[0] + q[0]) * cross for p, q, cross in weighted) / six_areas,
        lat + sum((p[1] + q[1]) * cross for p, q, cross in weighted) / six_areas,
    )


def crossings_at(lat: float, polygon: Polygon) -> Iterator[float]:
    """Yield the longitudes at which a parallel crosses the polygon's rings."""
    for ring in polygon:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > lat) != (y2 > lat):
                yield x1 + (lat - y1) / (y2 - y1) * (x2 - x1)


if __name__ == "__main__":
    main()
