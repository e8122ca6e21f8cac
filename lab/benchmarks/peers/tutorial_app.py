"""A directory as tutorials build one: everything read, measured and drawn anew on every run."""

import os
from pathlib import Path

import folium
import pandas as pd
import streamlit as st
from geopy.distance import geodesic
from streamlit_folium import st_folium

from clinics.web.guard.sockets import send_at_once

st.cache_resource(send_at_once)()  # as ours has it; without it, it waits 44 ms for nothing

HOME = float(os.environ["BENCHMARK_LAT"]), float(os.environ["BENCHMARK_LON"])
MILES = 25

st.set_page_config(page_title="Clinic finder", layout="wide")
st.title("Find a clinic near you")
clinics = pd.read_csv(Path(os.environ["CLINICS_DATA_DIR"]) / "clinics.csv")
conditions = sorted(set(clinics["conditions"].dropna().str.split(";").explode().str.strip()))
condition = st.selectbox("Condition", ["any", *conditions], key="condition")
clinics["miles"] = clinics.apply(
    lambda row: geodesic(HOME, (row["latitude"], row["longitude"])).miles, axis=1
)
kind, status = clinics["category"] == "ketamine", clinics["status"].fillna("") != "closed"
found = clinics[kind & status & (clinics["miles"] <= MILES)].sort_values("miles")
if condition != "any":
    treats = found["conditions"].fillna("").str.split(";")
    found = found[treats.apply(lambda ids: condition in [id.strip() for id in ids])]
st.subheader(f"{len(found)} clinics")
drawing = folium.Map(location=HOME, zoom_start=10)
for _, row in found.iterrows():
    said = f"<b>{row['name']}</b><br>{row['address']}<br>{row['phone']}"
    position = (row["latitude"], row["longitude"])
    folium.Marker(position, popup=folium.Popup(said), tooltip=row["name"]).add_to(drawing)
st_folium(drawing)
st.dataframe(found)
