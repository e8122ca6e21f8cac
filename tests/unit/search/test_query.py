"""An address becomes a search and a search an address; what is bad in one is reported."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.vocabulary import Vocabulary
from clinics.search.query import CHOICES, COLUMN_OF, Query, band_of, by_ids, parse_query
from tests.made_up import ids, queries, words

typed = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
whole_queries = st.builds(
    lambda query, near, q, clinic: Query(
        **{
            **{name: getattr(query, name) for name in Query.__dataclass_fields__},
            "near": " ".join(near),
            "q": " ".join(q)[:40].strip(),
            "clinic": clinic,
            # The main category alone is written by naming none.
            "category": () if query.category == ("ketamine",) else query.category,
        }
    ),
    queries(most=20),
    st.lists(typed, max_size=3),
    st.lists(typed, max_size=3),
    st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,3}", fullmatch=True),
)
anything = st.text(max_size=60) | st.sampled_from(
    [*ids("conditions"), *ids("category"), "any", "all", "5", "12.5", "-5", "nan", "include"]
)


def read(url: str, *, bands_only: bool = True) -> tuple[Query, list[str]]:
    params = parse_qs(url, keep_blank_values=True)
    query, problems = parse_query(params, words(), bands_only=bands_only)
    return query, [problem.message for problem in problems]


@given(whole_queries)
def test_every_search_survives_the_way_through_an_address(query: Query) -> None:
    assert read(query.to_url()) == (query, [])


@given(whole_queries)
def test_every_address_the_page_writes_is_written_again_the_same(query: Query) -> None:
    url = query.to_url()
    assert read(url)[0].to_url() == url


@given(st.floats(min_value=1e-6, max_value=12_999, allow_subnormal=False))
def test_any_number_of_miles_of_a_request_survives_the_way_through_an_address(
    miles: float,
) -> None:
    query = Query(within=miles)
    assert read(query.to_url(), bands_only=False) == (query, [])


@given(st.dictionaries(st.sampled_from([*Query.__dataclass_fields__, "utm"]), st.lists(anything)))
def test_whatever_the_address_says_a_search_comes_of_it(params: dict[str, list[str]]) -> None:
    query, problems = parse_query(params, words())
    assert parse_query(parse_qs(query.to_url()), words()) == (query, ())
    for problem in problems:
        assert problem.parameter in params
        assert "\n" not in problem.message
        assert len(problem.message) < 400


def test_nothing_in_the_address_is_the_plain_search() -> None:
    assert read("") == (Query(), [])
    assert Query() == Query(
        near="", within=25.0, category=(), match="any", unstated="exclude", sort="distance"
    )
    assert Query().to_url() == ""


def test_a_whole_address_is_read() -> None:
    url = (
        "near=20912&within=50&category=ketamine&category=mental-health&condition=ptsd"
        "&condition=ocd&match=all&unstated=include&treatment=esketamine&payment=medicaid"
        "&language=es&setting=telehealth&phone=yes&q=mood&sort=checked&clinic=made-up-clinic-7"
    )
    expected = Query(
        near="20912",
        within=50.0,
        category=("ketamine", "mental-health"),
        condition=("ptsd", "ocd"),
        match="all",
        unstated="include",
        treatment=("esketamine",),
        payment=("medicaid",),
        language=("es",),
        setting="telehealth",
        phone="yes",
        q="mood",
        sort="checked",
        clinic="made-up-clinic-7",
    )
    assert read(url) == (expected, [])
    assert expected.to_url() == url
    assert expected.filters_in_use == 7
    assert expected.filters == (
        "condition", "treatment", "payment", "language", "setting", "phone", "q",
    )  # fmt: skip


def test_an_unknown_condition_is_reported_with_the_nearest_we_know() -> None:
    query, problems = read("condition=depresson&condition=ptsd")
    assert query.condition == ("ptsd",)
    assert problems == ["We know no condition called “depresson”. Did you mean “Depression”?"]


@pytest.mark.parametrize("name", list(COLUMN_OF))
def test_every_option_is_understood_by_its_label_in_any_case(name: str) -> None:
    for option in words().options(COLUMN_OF[name]):
        by_id = read(f"{name}={option.id}")
        for text in (option.label, option.label.upper(), option.id.upper()):
            assert parse_query({name: [text]}, words()) == (by_id[0], ())


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("condition=PTSD", "condition=ptsd"),
        ("condition=suicidal", "condition=suicidal-thoughts"),
        ("condition=Major Depression&condition=MDD", "condition=depression"),
        ("payment=TRICARE", "payment=military"),
        ("language=ASL", "language=ase"),
        ("treatment=Spravato", "treatment=esketamine"),
        ("setting=online", "setting=telehealth"),
        ("category=Other_Mental-Health", "category=mental-health"),
        ("sort=Name&match=ALL", "match=all&sort=name"),
    ],
)
def test_a_synonym_is_understood_as_what_it_stands_for(asked: str, understood: str) -> None:
    query, problems = read(asked)
    assert (query.to_url(), problems) == (understood, [])
    assert by_ids(parse_qs(asked), words()) == parse_qs(understood)


def test_a_guess_is_offered_and_not_applied() -> None:
    query, problems = read("condition=depresson")
    assert query == Query()
    assert problems == ["We know no condition called “depresson”. Did you mean “Depression”?"]
    assert by_ids({"condition": ["depresson"]}, words()) == {"condition": ["depresson"]}


def test_a_word_like_no_condition_gets_no_hint() -> None:
    assert read("condition=xyzzy") == (Query(), ["We know no condition called “xyzzy”."])


@pytest.mark.parametrize("bad", ["37", "-5", "0", "nan", "1e309", "-inf", "25 furlongs", "all"])
def test_a_distance_not_on_offer_is_reported_and_25_miles_used(bad: str) -> None:
    query, problems = read(f"within={bad}")
    assert query.within == 25.0
    assert problems == [f"The distance can be 5, 10, 25, 50 or 100 miles, or any, not “{bad}”."]


@pytest.mark.parametrize("bad", ["-5", "0", "nan", "1e309", "-inf", "25 furlongs", "0x10", "all"])
def test_a_request_needs_a_number_of_miles_above_0(bad: str) -> None:
    query, problems = read(f"within={bad}", bands_only=False)
    assert query.within == 25.0
    assert problems == [f"The distance is a number of miles above 0, or “any”, not “{bad}”."]


@pytest.mark.parametrize(
    ("text", "miles"),
    [("10 millas", 10.0), ("10 miles", 10.0), ("25 mi", 25.0), ("cualquier distancia", None)],
)
def test_a_distance_is_read_as_people_write_it(text: str, miles: float | None) -> None:
    assert read(f"within={text}") == (Query(within=miles), [])
    assert read(f"within={text}", bands_only=False) == (Query(within=miles), [])


def test_a_distance_that_is_typed_becomes_the_least_on_offer_that_holds_it() -> None:
    assert [band_of(miles) for miles in (2, 5, 6.2, 60, 1500)] == [5, 5, 10, 100, None]


def test_a_word_of_another_language_is_read_with_its_accents_and_without() -> None:
    for word in ("depresión", "depresion", "Depresión mayor", "depression"):
        assert read(f"condition={word}")[0].condition == ("depression",)
    assert read("payment=seguro médico&language=español&setting=en línea") == (
        Query(payment=("private-insurance",), language=("es",), setting="telehealth"),
        [],
    )
    assert by_ids({"condition": ["ansiedad"]}, words()) == {"condition": ["anxiety"]}


def test_the_page_offers_bands_and_a_request_takes_any_number() -> None:
    assert read("within=12.5")[0].within == 25.0
    assert read("within=12.5", bands_only=False) == (Query(within=12.5), [])


@pytest.mark.parametrize(
    ("text", "miles"),
    [("50", 50.0), ("50.0", 50.0), ("٥٠", 50.0), ("any", None), ("ANY", None), ("", 25.0)],
)
def test_a_distance_may_be_written_in_several_ways(text: str, miles: float | None) -> None:
    assert read(f"within={text}") == (Query(within=miles), [])


def test_more_than_half_way_round_the_earth_is_any_distance() -> None:
    assert read("within=13000", bands_only=False)[0].within is None
    assert read("within=12999", bands_only=False)[0].within == 12999.0


def test_a_value_given_twice_counts_once_and_a_single_value_is_the_first() -> None:
    query, problems = read("condition=ptsd&condition=ptsd&within=5&within=10&near=a&near=b")
    assert (query.condition, query.within, query.near) == (("ptsd",), 5.0, "a")
    assert problems == []


@pytest.mark.parametrize("name", list(COLUMN_OF))
def test_every_list_parameter_takes_every_id_and_reports_another(name: str) -> None:
    for id in ids(COLUMN_OF[name]):
        expected = {"setting": id, "category": () if id == "ketamine" else (id,)}
        assert getattr(read(f"{name}={id}")[0], name) == expected.get(name, (id,))
    query, problems = read(f"{name}=zzzzzz")
    assert query == Query()
    assert problems == [f"We know no {name} called “zzzzzz”."]


@pytest.mark.parametrize("name", list(CHOICES))
def test_a_parameter_with_few_choices_names_them(name: str) -> None:
    for choice in CHOICES[name]:
        assert getattr(read(f"{name}={choice}")[0], name) == choice
    query, problems = read(f"{name}=sideways")
    assert query == Query()
    offered = " or ".join(filter(None, [", ".join(CHOICES[name][:-1]), CHOICES[name][-1]]))
    assert problems == [f"“{name}” can be {offered}, not “sideways”."]


@pytest.mark.parametrize("name", ["condition", "within", "sort", "setting"])
def test_ten_thousand_characters_are_reported_in_forty(name: str) -> None:
    query, problems = read(f"{name}={'x' * 10_000}")
    assert query == Query()
    assert len(problems) == 1
    assert f"“{'x' * 39}…”" in problems[0]


def test_a_parameter_of_ten_thousand_characters_is_reported_in_forty() -> None:
    query, problems = read(f"{'x' * 10_000}=1")
    assert query == Query()
    assert problems == [f"There is no search setting called “{'x' * 39}…”."]


def test_long_text_is_cut_where_a_place_or_a_name_must_end() -> None:
    query, _ = read(f"near={'n' * 10_000}&q={'q' * 10_000}&clinic={'c' * 10_000}")
    assert (len(query.near), len(query.q), len(query.clinic)) == (201, 100, 100)


def test_markup_is_only_ever_text() -> None:
    query, problems = read("condition=<script>alert(1)</script>&q=<b>bold</b>")
    assert query == Query(q="<b>bold</b>")
    assert problems == ["We know no condition called “<script>alert(1)</script>”."]


def test_control_characters_and_spaces_become_single_spaces() -> None:
    assert parse_query({"near": ["  Takoma\x00\n\t Park\u2028MD "]}, words())[0].near == (
        "Takoma Park MD"
    )


def test_an_unknown_parameter_is_reported() -> None:
    query, problems = parse_query({"radius": ["5"], "n\near": []}, words())
    assert query == Query()
    assert [p.message for p in problems] == [
        "There is no search setting called “radius”.",
        "There is no search setting called “n ear”.",
    ]
    assert [(p.parameter, p.value) for p in problems] == [("radius", "5"), ("n ear", "")]


def test_the_first_category_alone_is_the_same_search_as_none_named() -> None:
    assert read("category=ketamine") == (Query(), [])
    both = Query(category=("ketamine", "mental-health"))
    assert read(both.to_url()) == (both, [])


def test_no_category_means_the_first_of_the_directory(vocabulary: Vocabulary) -> None:
    assert Query().categories(vocabulary) == ("ketamine",)
    assert Query(category=("mental-health",)).categories(vocabulary) == ("mental-health",)


def test_a_lifted_filter_takes_along_what_only_it_gave_a_meaning() -> None:
    query = Query(condition=("ptsd", "ocd"), match="all", q="mood", unstated="include", clinic="x")
    assert query.without("q") == Query(condition=("ptsd", "ocd"), match="all", unstated="include")
    assert query.without("condition") == Query(q="mood")
