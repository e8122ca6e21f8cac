"""The one description of the clinic CSV: all that any part says of a column stands in its entry."""

from __future__ import annotations

from dataclasses import dataclass

from clinics.domain.kinds import (
    CHOICE,
    CHOICES,
    DATE,
    FIELD_SOURCES,
    ID,
    LATITUDE,
    LONGITUDE,
    MONTH_OR_DAY,
    NOTE,
    NPI,
    PHONE,
    PRECISION,
    PRICE,
    SEPARATOR,
    STATE,
    TEXT,
    URL,
    YES_OR_NO,
    ZIP,
    CellKind,
    CellProblem,
    Words,
)
from clinics.domain.language import named
from clinics.domain.model import Option, Value

__all__ = ["BY_NAME", "COLUMNS", "GROUPS", "NAMES", "SEPARATOR", "CellProblem", "Column", "Words"]

GROUPS = WHO, OFFERS, MONEY, VISITS, ORIGIN, REGISTER = (
    "Who and where",
    "What it offers",
    "Money",
    "Visits",
    "Where this comes from",
    "For the register and the map",
)
"""The headings of the keeper's form, in order."""

_SETTINGS = (
    Option("in-person", "In person", "You go to the clinic."),
    Option("telehealth", "By video or phone", "You talk from home."),
)
_STATUSES = (
    Option("open", "Open"),
    Option("temporarily-closed", "Temporarily closed"),
    Option("moved", "Moved"),
    Option("closed", "Closed"),
)
_PRECISIONS = tuple(Option(id, id) for id in ("street", "zip", "town"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file.

    Of `options`, text is a file in `data/`, whose first rows are the `example`. `always`: every
    published row has it. `label` is what people read; `short` stands for it on a card and a
    clinic's page, where `on_card` shows it;
    the figures count it if `counted`. `correction` is the kind of correction that is about it.
    `noun` names a cell in messages (after `|` its plural, if it is odd), `no` the answer no.
    A text is at most `longest` characters. In the keeper's form it is in `group`, `beside` the one
    before it. `json_ld` is its property for search engines.
    """

    name: str
    meaning: str
    kind: CellKind
    example: str
    options: str | tuple[Option, ...] = ()
    required: bool = False
    always: bool = False
    label: str = ""
    short: str = ""
    on_card: bool = False
    counted: bool = False
    correction: str = ""
    other_names: str = ""
    noun: str = ""
    no: str = "No"
    longest: int = 5_000
    group: str = VISITS
    beside: bool = False
    json_ld: str = ""

    @property
    def several(self) -> bool:
        """Return True if a cell may hold several ids."""
        return self.kind is CHOICES

    @property
    def is_choice(self) -> bool:
        """Return True if cells hold ids of the vocabulary."""
        return self.kind is CHOICE or self.kind is CHOICES

    @property
    def is_text(self) -> bool:
        """Return True if cells hold any words."""
        return self.kind is TEXT or self.kind is NOTE

    @property
    def card_label(self) -> str:
        """Return the label where room is short."""
        return named(f"columns.{self.name}", self.short or self.label)

    @property
    def allowed(self) -> str:
        """Say what a cell may hold."""
        if not self.is_choice:
            return self.kind.allowed
        if isinstance(self.options, str):
            said = f"{'ids' if self.several else 'an id'} from `data/{self.options}`"
        else:
            said = ", ".join(f"`{option.id}`" for option in self.options)
        return f"{said}, several separated by `{SEPARATOR}`" if self.several else said

    def parse(self, cell: str, words: Words) -> str:
        """Return a filled cell as it is written; raises CellProblem."""
        return self.kind.parse(cell, words, self.name)

    def value(self, cell: str) -> Value:
        """Return what a canonical cell says; what is not stated is empty or None."""
        return self.kind.value(cell)


COLUMNS: tuple[Column, ...] = (
    Column("id", "The listing's own name in links; made from name and ZIP when empty", ID,
        "made-up-clinic-62701", always=True, other_names="clinic_id listing_id", group=REGISTER),
    Column("category", "Which list it belongs to; the first of them when empty", CHOICE, "",
        options="categories.csv", always=True, label="Kind of care", other_names="list",
        noun="category|categories", group=WHO),
    Column("name", "The name people look for", TEXT, "Main Street Clinic",
        required=True, always=True,
        other_names="clinic clinic_name facility facility_name practice practice_name "
        "provider_name organization organization_name business_name site_name location_name "
        "name_of_clinic name_of_facility company provider_organization_name_legal_business_name "
        "provider_organization_name", noun="name", group=WHO,
        beside=True),
    Column("address", "Street address; empty when not known", TEXT,
        "100 Main Street, Suite 101", label="Street address", counted=True,
        correction="address",
        other_names="street street_address address_1 address1 address_line_1 address_line1 "
        "street1 location_address clinic_address full_address complete_address mailing_address "
        "facility_address practice_address addr site_address "
        "provider_first_line_business_practice_location_address", group=WHO),
    Column("city", "Town", TEXT, "Springfield", required=True, always=True, correction="address",
        other_names="town municipality city_town site_city clinic_city city_name location_city "
        "provider_business_practice_location_address_city_name",
        noun="town", group=WHO, beside=True),
    Column("state", "State", STATE, "IL", required=True, always=True, correction="address",
        other_names="st state_code us_state state_province site_state "
        "site_state_abbreviation state_abbreviation clinic_state location_state "
        "provider_business_practice_location_address_state_name", noun="state", group=WHO),
    Column("zip", "ZIP code", ZIP, "62701", correction="address",
        other_names="zip_code zipcode postal_code postcode zip5 zip_5 zip_postal_code "
        "site_postal_code site_zip clinic_zip location_zip postal "
        "provider_business_practice_location_address_postal_code", group=WHO,
        beside=True),
    Column("phone", "Telephone for new patients", PHONE, "(301) 555-0123", label="Telephone",
        counted=True, correction="phone",
        other_names="telephone phone_number telephone_number tel contact_number phone1 "
        "phone_no office_phone business_phone clinic_phone intake_phone site_telephone_number "
        "telephone_no phone_for_appointments appointments contact_phone location_phone "
        "provider_business_practice_location_address_telephone_number", group=WHO,
        json_ld="telephone"),
    Column("main_phone", "The main line, where new patients call another number", PHONE,
        "(301) 555-0100", label="Main line", correction="phone",
        other_names="main_line main_number switchboard", noun="main telephone number", group=WHO,
        beside=True),
    Column("website", "The clinic's own page", URL, "https://example.org/clinic", label="Website",
        counted=True, correction="website",
        other_names="url web web_site site homepage web_address website_url web_page webpage link "
        "site_web_address web_site_address internet",
        noun="website", group=WHO),
    Column("facility_type", "What kind of place it is", CHOICE, "",
        options="facility_types.csv", label="Kind of place", counted=True,
        other_names="type_of_facility type_of_place", noun="kind of place|kinds of place",
        group=WHO, beside=True),
    Column("conditions", "What the clinic says it treats", CHOICES, "",
        options="conditions.csv", label="What it treats", counted=True, correction="conditions",
        other_names="condition conditions_treated treats", noun="condition", group=OFFERS),
    Column("treatments", "What it offers", CHOICES, "",
        options="treatments.csv", label="Treatments it offers", counted=True,
        correction="treatments", other_names="treatment treatments_offered therapies services",
        noun="treatment", group=OFFERS),
    Column("setting", "How you meet", CHOICES, "in-person", options=_SETTINGS, label="How you meet",
        counted=True, other_names="settings care_setting", noun="setting", group=OFFERS),
    Column("payment", "What it says it accepts", CHOICES, "",
        options="payments.csv", label="Insurance and payment", counted=True, correction="payment",
        other_names="payments payment_types payment_methods payments_accepted",
        noun="way to pay|ways to pay", group=MONEY, json_ld="paymentAccepted"),
    Column("insurance_note", "What it says about insurance, in one sentence", NOTE,
        "No insurance; gives a receipt for claims.", correction="payment", other_names="insurance",
        group=MONEY),
    Column("price_per_session_usd", "Published price of one session", PRICE, "480",
        label="Price of a session", short="Price", counted=True, correction="price",
        other_names="price cost price_per_session cost_per_session session_price", group=MONEY),
    Column("price_note", "What the price covers, or why it is uncertain", NOTE,
        "About 480 dollars a session by its own page.", correction="price", group=MONEY),
    Column("accepting_new_patients", "Whether it takes new patients", YES_OR_NO, "yes",
        label="Whether it takes new patients", short="New patients", on_card=True, counted=True,
        other_names="accepting_patients new_patients accepts_new_patients accepting",
        no="Not at the moment", json_ld="isAcceptingNewPatients"),
    Column("ages", "Ages it sees", CHOICES, "", options="ages.csv",
        label="Ages it sees", short="Ages", on_card=True, counted=True,
        other_names="age age_groups ages_served", noun="age group", group=OFFERS, beside=True),
    Column("languages", "Languages spoken with patients", CHOICES, "",
        options="languages.csv", label="Languages", on_card=True, counted=True,
        other_names="language languages_spoken", noun="language", group=OFFERS),
    Column("hours", "Opening hours as the clinic gives them", TEXT, "Mon-Fri 9am-6pm",
        label="Opening hours", short="Hours", on_card=True, counted=True, correction="hours",
        other_names="opening_hours office_hours hours_of_operation business_hours", beside=True),
    Column("npi", "National Provider Identifier", NPI, "1234567893",
        label="National provider number (NPI)",
        other_names="npi_number npi_no national_provider_identifier", group=REGISTER, beside=True),
    Column("latitude", "North-south position", LATITUDE, "39.799", always=True,
        other_names="lat y lat_long lat_lng lat_lon latlong latlng latitude_longitude coordinates "
        "gps gps_coordinates geocoding_artifact_address_primary_y_coordinate y_coordinate",
        noun="latitude", group=REGISTER),
    Column("longitude", "East-west position", LONGITUDE, "-89.644", always=True,
        other_names="lon lng long x "
        "geocoding_artifact_address_primary_x_coordinate x_coordinate",
        noun="longitude", group=REGISTER, beside=True),
    Column("location_precision",
        "How exact the position is: the street address, or only the center of its ZIP or "
        "town (then shown as approximate)", PRECISION, "street", options=_PRECISIONS, always=True,
        other_names="precision", noun="precision", group=REGISTER),
    Column("status", "Whether it works now; a closed clinic is kept but not shown", CHOICE, "open",
        options=_STATUSES, other_names="open_status", noun="status|statuses", group=WHO),
    Column("known_by",
        "How well it is known; empty for a listing of the federal directory", CHOICE, "",
        options="known_by.csv", label="How well it is known",
        noun="way it is known|ways it is known", group=ORIGIN),
    Column("source", "Who says so", TEXT, "The clinic's own website",
        other_names="data_source source_name", group=ORIGIN),
    Column("source_url", "Where they say it", URL, "https://example.org/about",
        other_names="source_link source_website", noun="source address|source addresses",
        group=ORIGIN, beside=True),
    Column("source_date", "The date of the source, as exact as it gives one: a year, month or day",
        MONTH_OR_DAY, "2024-07", other_names="date_of_source source_day source_dated",
        noun="date of the source|dates of sources", group=ORIGIN),
    Column("last_checked", "The day a keeper of this directory last confirmed these facts",
        DATE, "2026-03-14",
        other_names="checked date_checked last_verified verified verified_on checked_on "
        "last_checked_date date_verified", group=ORIGIN, beside=True),
    Column("caveat",
        "What to ask first, in one short sentence; shown before all else and never cut", TEXT,
        "Call first: it may have moved.", longest=160,
        other_names="caution caveats call_first"),
    Column("notes", "What a visitor should know about this listing", NOTE,
        "Two of its pages give different towns.", other_names="note comments comment remarks"),
    Column("field_sources",
        "Which source says a single field, and on what day; the source of the row says the rest",
        FIELD_SOURCES, "phone=site@2026-11-20", group=ORIGIN),
)  # fmt: skip
"""Every column, in the order of the file."""

BY_NAME = {column.name: column for column in COLUMNS}
NAMES = tuple(column.name for column in COLUMNS)

OLD_NAMES = {"last_checked": "source_date"}
"""What the columns of a file without `source_date` are now: the weaker of the two claims."""
