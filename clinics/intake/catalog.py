"""The catalog of everything that can be wrong with a clinic file: code, severity, wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from clinics.domain.columns import COLUMNS


class Severity(StrEnum):
    """What a notice does: an error blocks publishing, a warning publishes, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Stage(IntEnum):
    """What is looked at, in the order of looking."""

    FILE = 0
    HEADER = 1
    ROW = 2
    ACROSS = 3
    LIVE = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding. `wording` and `fix` may use {column}, {value}, {needs} and {row}.

    `title` names it in a list of kinds. `verb` and `noun` make the to-do sentence: "fix" and
    "date" become "fix 2 dates". The noun `*` is named by the column; without a noun the verb is
    the whole phrase.
    """

    code: str
    severity: Severity
    stage: Stage
    title: str
    wording: str
    fix: str
    verb: str = ""
    noun: str = ""


NOUNS: Mapping[str, str] = {column.name: column.noun for column in COLUMNS if column.noun}
"""What a cell of a column is called in the to-do sentence; after `|` its plural, if it is odd."""

_CELL = "Row {row}, column “{column}”: it needs {needs}. It has “{value}” now."


def _error(
    stage: Stage, code: str, title: str, wording: str, fix: str, verb: str = "fix", noun: str = ""
) -> Kind:
    return Kind(code, Severity.ERROR, stage, title, wording, fix, verb, noun)


def _warning(stage: Stage, code: str, title: str, wording: str, fix: str) -> Kind:
    return Kind(code, Severity.WARNING, stage, title, wording, fix)


def _note(stage: Stage, code: str, title: str, wording: str, fix: str) -> Kind:
    return Kind(code, Severity.NOTE, stage, title, wording, fix)


_FILE = (
    _error(Stage.FILE, "file_too_large", "The file is too large", "The file has {value}. It needs "
           "to be at most {needs}.", "Leave out what is not needed, or upload it in parts that add "
           "to the directory.", "make the file smaller"),
    _error(Stage.FILE, "file_too_many_rows", "Too many rows", "The file has {value} rows. At most "
           "{needs} can be read.", "Upload it in parts that add to the directory.",
           "make the file shorter"),
    _error(Stage.FILE, "file_too_many_columns", "Too many columns", "The file has {value} columns. "
           "At most {needs} can be read.", "Delete the columns that are not needed.",
           "delete columns"),
    _error(Stage.FILE, "file_empty", "The file is empty", "The file has no rows. It needs a header "
           "row and at least one clinic.", "Save the sheet again and check that it is not blank.",
           "put clinics into the file"),
    _error(Stage.FILE, "file_other_kind", "Not a spreadsheet", "The file is {value}. It needs to "
           "be a spreadsheet: Excel (.xlsx or .xls), OpenDocument (.ods), CSV or TSV.", "Open it "
           "in the program it is from, choose Save As or Export, and choose Excel (.xlsx) or CSV.",
           "save the file as a spreadsheet"),
    _error(Stage.FILE, "workbook_unreadable", "A workbook that cannot be opened", "The workbook "
           "cannot be opened: it is {value}.", "Open it in the spreadsheet, copy the table into a "
           "new file without a password, and save that as Excel (.xlsx).", "save the file again"),
    _error(Stage.FILE, "workbook_too_much", "A workbook that unpacks to too much", "The workbook "
           "holds much more than its size says, so it was not opened.", "Copy only the table into "
           "a new file, and save that as Excel (.xlsx) or CSV.", "make the file smaller"),
    _error(Stage.FILE, "sheets_several", "Which sheet is meant", "Several sheets of the workbook "
           "have columns that we know: {value}. One needs to be chosen.", "Choose the sheet, or "
           "save the one that is meant as a file of its own.", "choose one sheet"),
    _error(Stage.FILE, "file_not_utf8", "Letters that cannot be read",
           "The file is not plain text in UTF-8, so some letters cannot be read.",
           "In the spreadsheet choose Save As, then “CSV UTF-8”.", "save the file as “CSV UTF-8”"),
    _error(Stage.FILE, "file_broken_quotes", "A double quote is never closed", "Row {row}: a cell "
           "begins with a double quote that is never closed, so all that follows ({value}) cannot "
           "be read.", "Look in this row for a cell with an odd number of double quotes.",
           "close a double quote"),
    _error(Stage.FILE, "federal_incomplete", "Federal file without its codes", "The file looks "
           "like the federal directory, but does not say what each facility offers. It needs the "
           "column “service_code_info”, or one column for each service code with “kit” among them.",
           "Download the directory again with all its columns.", "use a complete federal file"),
    _warning(Stage.FILE, "encoding_windows_1252", "Read as Windows-1252", "The file is not in "
             "UTF-8. It was read as Windows-1252, where accents may come out wrong: “{value}” is "
             "the first such word.", "Look at that word. If it is wrong, save the sheet as “CSV "
             "UTF-8”."),
    _note(Stage.FILE, "encoding_utf_16", "Read as UTF-16", "The file is in UTF-16 and was read so.",
          "Nothing needs to be done. “CSV UTF-8” is half the size."),
    _note(Stage.FILE, "delimiter_other", "Not separated by commas", "Cells are separated by "
          "{value} instead of commas, and were read so.", "Nothing needs to be done."),
    _note(Stage.FILE, "lines_above_header", "Lines above the header", "The header was found in row "
          "{value}; what stands above it was passed over.", "Nothing needs to be done if that is "
          "the header."),
    _note(Stage.FILE, "sheet_taken", "Which sheet was read", "The sheet “{value}” was read. The "
          "others were passed over: {needs}.", "Nothing needs to be done if that is the one."),
    _warning(Stage.FILE, "rows_hidden", "Hidden rows", "{value} in the spreadsheet, and read like "
             "the others. The first is row {needs}.", "Show all rows, and take out those that do "
             "not belong here."),
    _warning(Stage.FILE, "columns_hidden", "Hidden columns", "{value} in the spreadsheet, and read "
             "like the others: {needs}.", "Show all columns, and take out those that do not belong "
             "here."),
    _note(Stage.FILE, "rows_blank", "Blank rows", "{value}, and passed over. The first is row "
          "{needs}.", "Nothing needs to be done, unless something should be there."),
    _note(Stage.FILE, "rows_header_again", "The header once more", "{value} passed over. The first "
          "is row {needs}.", "Look whether two files were put together there."),
    _note(Stage.FILE, "rows_short", "Rows that end early", "{value} before the last column; the "
          "cells left out count as empty. The first is row {needs}.", "Nothing needs to be done if "
          "they are empty."),
    _note(Stage.FILE, "federal_recognized", "The federal directory", "This is the federal "
          "directory. It refreshes the list “{value}” for {needs}, and leaves all other listings "
          "as they are.", "Nothing needs to be done."),
    _note(Stage.FILE, "federal_withheld", "Withheld addresses", "Left out: {value} whose address "
          "is withheld and must not be put on a map. The first is row {needs}.",
          "Nothing needs to be done."),
    _note(Stage.FILE, "federal_undated", "No date of the source", "The file does not say of when "
          "it is, so the listings say that their source has no date.",
          "If you know the date of this edition, add a column source_date with it."),
)  # fmt: skip

_HEADER = (
    _error(Stage.HEADER, "header_unreadable", "No header row", "No column name that we know was "
           "found. The first row needs to be a header with at least name, city and state. It "
           "begins with “{value}” now.", "Add a header row, with commas, semicolons or tabs "
           "between the cells.", "add a header row"),
    _error(Stage.HEADER, "header_missing", "Columns that are missing",
           "The column “{column}” is missing. It is needed.", "Add the column to the header row, "
           "and fill it in.", "add", "column"),
    _error(Stage.HEADER, "header_twice", "Columns that are there twice",
           "The column “{column}” is there twice: as {value}.", "Delete or rename one.", "delete",
           "column that is there twice|columns that are there twice"),
    _warning(Stage.HEADER, "header_unknown", "Columns we do not know",
             "The column “{column}” is not one we know, so it is left out.",
             "Rename it to a known column, or leave it."),
    _warning(Stage.HEADER, "header_empty", "Columns without a name", "Column {value} has no name "
             "in the header, so its cells are left out.", "Give it the name of a known column, or "
             "leave it."),
    _warning(Stage.HEADER, "header_source_missing", "No column for the source",
             "There is no column “source”, so no row says where its facts come from.",
             "Add the columns source and source_url."),
    _note(Stage.HEADER, "checked_is_source_date", "Days read as dates of the source",
          "There is no column “source_date”, so the days in “{value}” were read as the dates of "
          "the sources. No listing counts as confirmed by us because of them.",
          "If they are days on which you confirmed the listings, add an empty column source_date."),
    _note(Stage.HEADER, "columns_matched", "Columns read as you said", "Columns were read as you "
          "said{value}: {needs}.", "Nothing needs to be done. It holds for every file with these "
          "column names, until it is changed."),
    _note(Stage.HEADER, "header_renamed", "Columns read under another name",
          "The column “{value}” was read as “{column}”.", "Nothing needs to be done if that is "
          "what it is."),
)  # fmt: skip

_ROW = (
    _error(Stage.ROW, "row_broken_quotes", "Double quotes out of place",
           "Row {row}: a double quote stands inside a quoted cell, so the row cannot be read.",
           "Write a double quote inside a cell twice, or leave it out.", "fix the quotes in",
           "row"),
    _error(Stage.ROW, "row_cell_count", "Too many or too few cells", "Row {row} has {value}. It "
           "needs {needs}, as the header has.", "Look for a comma or a line break that is not "
           "inside quotes.", "fix the number of cells in", "row"),
    _error(Stage.ROW, "row_shifted", "Rows moved by a comma", "Row {row} has one cell too many, as "
           "if a comma without quotes had moved its cells. It needs “{value}” in one cell.",
           "Put double quotes around that cell.", "fix the commas in", "row"),
    _error(Stage.ROW, "required_missing", "Cells that are needed", "Row {row}, column “{column}”: "
           "it is empty. It is needed.", "Fill it in, or take the row out if it is no clinic.",
           "add", "*"),
    _error(Stage.ROW, "id_malformed", "Ids", _CELL, "Use the clinic's name in small letters with "
           "hyphens.", noun="id"),
    _error(Stage.ROW, "cell_spreadsheet_error", "Errors of the spreadsheet", "Row {row}, column "
           "“{column}”: the spreadsheet wrote an error. It has “{value}” now.",
           "Write the words themselves, or empty the cell.", noun="error of the spreadsheet|errors "
           "of the spreadsheet"),
    _error(Stage.ROW, "cell_points_elsewhere", "Cells that point to another", "Row {row}, column "
           "“{column}”: it only points to another cell. It has “{value}” now.", "Write the words "
           "themselves.", noun="cell that points to another|cells that point to another"),
    _error(Stage.ROW, "hours_as_date", "Hours that became a date", "Row {row}, column “{column}”: "
           "the spreadsheet took the hours for a date or a number. It has “{value}” now.",
           "Write them in words, such as Mon-Fri 9am-5pm.", noun="opening hours|opening hours"),
    _error(Stage.ROW, "state_unknown", "States", _CELL, "Write the state's two-letter code.",
           noun="state"),
    _error(Stage.ROW, "zip_malformed", "ZIP codes", _CELL, "Write all five digits, with a leading "
           "zero if there is one.", noun="ZIP code"),
    _error(Stage.ROW, "phone_malformed", "Telephone numbers", _CELL, "Write one number with its "
           "area code.", noun="telephone number"),
    _error(Stage.ROW, "url_malformed", "Web addresses", _CELL, "Copy the address from the browser.",
           noun="*"),
    _error(Stage.ROW, "option_unknown", "Words that are not on the list", _CELL,
           "Use ids from the list in the data dictionary.", noun="*"),
    _error(Stage.ROW, "price_malformed", "Prices", _CELL, "Write one amount; put ranges into "
           "price_note.", noun="price"),
    _error(Stage.ROW, "yes_no_malformed", "Yes or no", _CELL, "Write yes or no, or leave it empty.",
           noun="yes or no|answers of yes or no"),
    _error(Stage.ROW, "npi_malformed", "NPI numbers", _CELL, "Copy the number from the NPI "
           "registry.", noun="NPI number"),
    _error(Stage.ROW, "date_malformed", "Dates", _CELL, "Write year, month and day with hyphens; "
           "the date of a source may end earlier.",
           noun="date"),
    _error(Stage.ROW, "date_in_future", "Dates that have not come yet", "Row {row}, column "
           "“{column}”: {value} has not come yet. It needs to be {needs} or earlier.",
           "Write the day it really was.", noun="date"),
    _error(Stage.ROW, "date_too_old", "Dates of long ago", "Row {row}, column “{column}”: {value} "
           "is too long ago. It needs to be {needs} or later.", "Write the day it really was.",
           noun="date"),
    _error(Stage.ROW, "cell_too_long", "Cells that are too long", "Row {row}, column “{column}”: "
           "it has {value}. It can have at most {needs}.", "Shorten it.", "shorten", "cell"),
    _error(Stage.ROW, "coordinate_malformed", "Latitude or longitude", _CELL,
           "Write degrees with a decimal point.", noun="*"),
    _error(Stage.ROW, "coordinates_half", "Half a position", "Row {row}: it has only one of "
           "latitude and longitude.", "Fill in both, or leave both empty.", noun="position"),
    _error(Stage.ROW, "coordinates_zero", "Positions at 0, 0", "Row {row}: the position is 0, 0, "
           "which is in the sea off Africa.", "Leave both empty; the row is then placed by its ZIP "
           "or town.", noun="position"),
    _error(Stage.ROW, "coordinates_swapped", "Latitude and longitude swapped",
           "Row {row}: latitude and longitude are swapped. It needs {needs}. It has {value} now.",
           "Exchange the two.", noun="position"),
    _error(Stage.ROW, "coordinates_sign", "Positions with a wrong sign", "Row {row}: the position "
           "has a wrong sign, which puts it in another part of the world. It needs {needs}. It has "
           "{value} now.", "Longitude in the United States begins with a minus; latitude does not.",
           noun="position"),
    _error(Stage.ROW, "not_placed", "Rows without a place", "Row {row}: it cannot be put on the "
           "map. It needs coordinates, a known ZIP or a known town; it has “{value}” now.",
           "Fill in the ZIP.", "add", "ZIP code or position|ZIP codes or positions"),
    _error(Stage.ROW, "field_sources_malformed", "Sources of single fields", _CELL, "Name the "
           "column, the source and the day, or empty the cell.", noun="source of a field|sources "
           "of fields"),
    _warning(Stage.ROW, "field_source_unknown", "Unknown sources of single fields", "Row {row}, "
             "column “{column}”: there is no source “{value}” that we know. Known are: {needs}.",
             "Use one of them, or add it to data/sources.csv."),
    _warning(Stage.ROW, "zip_unknown", "Unknown ZIP codes", "Row {row}, column “{column}”: there "
             "is no ZIP code {value} that we know.", "Look the ZIP code up again."),
    _warning(Stage.ROW, "zip_state_disagree", "ZIP and state disagree",
             "Row {row}, column “{column}”: it needs {needs}. It has “{value}” now.",
             "Correct the one that is wrong."),
    _warning(Stage.ROW, "zip_town_disagree", "ZIP and town disagree",
             "Row {row}, column “{column}”: it needs {needs}. It has “{value}” now.",
             "Correct the one that is wrong."),
    _warning(Stage.ROW, "town_unknown", "Towns we do not know", "Row {row}, column “{column}”: "
             "there is no town “{value}” in its state that we know. It may be {needs}.",
             "Correct it if it is wrong."),
    _warning(Stage.ROW, "far_from_town", "Positions far from their town", "Row {row}, column "
             "“{column}”: the position is {value} from {needs}.", "Correct the town or the "
             "position."),
    _warning(Stage.ROW, "name_is_no_name", "Names that are none", "Row {row}, column “{column}”: "
             "“{value}” does not look like the name of a clinic, and would be shown so.",
             "Write the name, or take the row out."),
    _warning(Stage.ROW, "price_unusual", "Unusual prices", "Row {row}, column “{column}”: {value} "
             "dollars is unusual for one session.", "Look at the decimal point, and whether it is "
             "the price of one session."),
    _warning(Stage.ROW, "day_of_other_order", "Day and month perhaps exchanged", "Row {row}, "
             "column “{column}”: “{value}” may be {needs}, as other cells of this column begin "
             "with the day.", "Write the day it really was."),
    _warning(Stage.ROW, "name_says_closed", "Names that say closed or duplicate", "Row {row}, "
             "column “{column}”: it says “{value}”, and would be shown so.",
             "Write closed into the column status, or take the row out."),
    _warning(Stage.ROW, "closed_elsewhere", "Closed by another column", "Row {row}: the column "
             "“{needs}” says “{value}”, and the column status does not say closed.",
             "Write closed into the column status."),
    _warning(Stage.ROW, "position_rough", "Positions without decimals", "Row {row}: the position "
             "{value} is exact to miles only, and would be shown as the street address.",
             "Write at least four decimals, or leave the coordinates empty."),
    _warning(Stage.ROW, "far_from_zip", "Positions far from their ZIP",
             "Row {row}: the position is {value}. It needs to be within {needs}.",
             "Correct the position or the ZIP, or leave the coordinates empty."),
    _warning(Stage.ROW, "outside_area", "Outside the area", "Row {row}: it is outside the area of "
             "this directory, {needs}. It is {value}.", "Check state and position, or take the row "
             "out."),
    _warning(Stage.ROW, "cell_formula", "Cells like formulas", "Row {row}, column “{column}”: it "
             "begins like a formula with “{needs}”. It has “{value}” now.",
             "Write it as plain words. Shown to visitors as it is, it is never calculated."),
    _warning(Stage.ROW, "cell_markup", "Code of web pages", "Row {row}, column “{column}”: it "
             "holds the code of a web page. Visitors see it as it is written: “{value}”.",
             "Take out what is between < and >."),
    _warning(Stage.ROW, "cell_hidden_characters", "Hidden characters", "Row {row}, column "
             "“{column}”: it held characters that cannot be seen ({needs}). They were taken out; "
             "it is “{value}” now.", "Nothing needs to be done if it reads right."),
    _warning(Stage.ROW, "cell_damaged_letters", "Damaged letters", "Row {row}, column “{column}”: "
             "some letters look damaged. It has “{value}” now.", "Type the letters again; save as "
             "“CSV UTF-8”."),
    _warning(Stage.ROW, "source_missing", "No source", "Row {row}: it says nothing of where its "
             "facts come from.", "Fill in source and source_url."),
    _warning(Stage.ROW, "checked_over_180_days", "Confirmed more than 180 days ago", "Row {row}, "
             "column “{column}”: it was last confirmed on {value}, {needs} ago.",
             "Confirm the listing again, and write today's date."),
    _note(Stage.ROW, "cell_read_as", "Cells read as what they mean", "Row {row}, column "
          "“{column}”: “{value}” was read as {needs}.", "Nothing needs to be done if that is what "
          "it means."),
    _note(Stage.ROW, "checked_over_90_days", "Confirmed more than 90 days ago",
          "Row {row}, column “{column}”: it was last confirmed on {value}, {needs} ago. The line "
          "above the list does not count it any more.", "Confirm the listing again soon."),
)  # fmt: skip

_ACROSS = (
    _error(Stage.ACROSS, "id_twice", "Ids that are there twice", "Row {row}, column “id”: "
           "“{value}” is already used in row {needs}.", "Give each listing its own id, or take one "
           "of the rows out.", noun="id that is there twice|ids that are there twice"),
    _warning(Stage.ACROSS, "clinic_like_another", "Perhaps the same clinic",
             "Row {row}: “{value}” may be the same clinic as row {needs}.",
             "If it is the same, take one of them out."),
    _warning(Stage.ACROSS, "phone_of_another", "A number of two clinics", "Row {row}, column "
             "“phone”: {value} is also the number of {needs}, which has another name and address.",
             "Check which of the two it belongs to."),
    _note(Stage.ACROSS, "phone_of_branch", "Branches with one number",
          "Row {row}, column “phone”: {value} is also the number of {needs}.",
          "Nothing needs to be done if both are branches with one number."),
)  # fmt: skip

_LIVE = (
    _note(Stage.LIVE, "ids_matched", "Matched without an id", "{value} without an id: the live "
          "listing of the same name, town and address was taken for it.",
          "Nothing needs to be done. The column id of a download makes it sure."),
    _warning(Stage.LIVE, "clinics_disappear", "Clinics that would disappear",
             "{value} that are live now would disappear: {needs} of all.",
             "Check that the file is complete. To keep them, let it only add and change."),
    _note(Stage.LIVE, "confirmed_kept", "Confirmed by a keeper, and kept", "Column “{column}” of "
          "{needs}: a keeper confirmed “{value}”, and the federal file says something else. It "
          "stays as it is.", "Look which is right; the federal directory may be newer."),
    _warning(Stage.LIVE, "version_unknown", "Made from a version we do not have", "The file says "
             "that it was made from version {value}, which is not in the history. It was compared "
             "with version {needs}, which is live.", "Look at every change: what others changed "
             "meanwhile may be undone."),
    _note(Stage.LIVE, "changed_meanwhile", "Changed by others meanwhile", "Column “{column}” of "
          "{needs}: it was changed live since the file was made, and not in the file. It stays as "
          "it is live: “{value}”.", "Nothing needs to be done if that is right."),
    _warning(Stage.LIVE, "listing_of_another", "Listings of another clinic", "Row {row}, column "
             "“{column}”: “{value}” would take the place of {needs}, with another telephone number "
             "or address.", "If it is another clinic, empty the cell id of the row, and put the "
             "row of the old one back or take it out."),
    _warning(Stage.LIVE, "many_change", "Clinics that would change", "{value} would get another "
             "telephone number or position: {needs} of all.", "Look at the changes. A column may "
             "have slipped."),
    _warning(Stage.LIVE, "clinic_like_live", "New, and perhaps there already", "Row {row}: "
             "“{value}” is new, and may be the same clinic as {needs}, which is live under another "
             "id.", "If it is the same, give the row the id of that listing, so that it changes "
             "it."),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {k.code: k for k in (*_FILE, *_HEADER, *_ROW, *_ACROSS, *_LIVE)}
