"""Columns that are refused unasked (docs/import_faults.md, line 25): named as sensitive in three languages, and nowhere to be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.vocabulary import vocabulary
from tests.intake_files import HEADERS, csv_file, found, people, read, workbook

REFUSED = {
    "identity papers": """
        BSN; Burgerservicenummer; Sofinummer; Sofi-nr; Paspoortnummer; Rijbewijsnummer; ID-kaart; Verblijfsvergunning;
        Social Security Number; SSN; SIN; National Insurance Number; NI Number; National ID; Passport No; Work permit;
        Visa status; Immigration status; Steuer-ID; Steueridentifikationsnummer; Sozialversicherungsnummer; SV-Nummer;
        Rentenversicherungsnummer; Personalausweisnummer; Reisepass; Aufenthaltstitel; Arbeitserlaubnis
    """,
    "origin": """
        Nationaliteit; Geboorteland; Geboorteplaats; Geb.plaats; Land van herkomst; Etniciteit; Etnische achtergrond;
        Migratieachtergrond; Ras; Huidskleur; Afkomst; Nationality; Citizenship; CitizenDesc; Country of birth; Place
        of Birth; Race; RaceDesc; Ethnicity; Ethnic Origin; HispanicLatino; Skin color; Nationalität;
        Staatsangehörigkeit; Staatsbürgerschaft; Geburtsort; Geburtsland; Herkunft; Ethnie; Rasse; Hautfarbe
    """,
    "belief, politics, union": """
        Godsdienst; Geloof; Religie; Kerkgenootschap; Kerk; Levensovertuiging; Politieke voorkeur; Vakbond;
        Vakbondslid; Lid vakbond; FNV-lid; Religion; Religious belief; Faith; Denomination; Political opinion; Trade
        Union; Union Member; Union Code; Konfession; Religionszugehörigkeit; Glaube; Kirchensteuer;
        Kirchensteuermerkmal; Weltanschauung; Partei; Parteizugehörigkeit; Politische Einstellung; Gewerkschaft;
        Gewerkschaftsmitglied
    """,
    "sex life": """
        Geaardheid; Seksuele geaardheid; Seksuele voorkeur; Gender identiteit; Sexual orientation; Sexuality; Gender
        identity; LGBT; Sexuelle Orientierung
    """,
    "health": """
        Gezondheid; Ziekteverzuim %; Verzuim; Verzuimpercentage; Ziekmeldingen; Verzuimreden; Arbeidsongeschiktheid;
        AO-percentage; AO %; WIA; WAO; WGA; Wajong; Handicap; Beperking; Arbeidsbeperking; Doelgroepregister;
        Banenafspraak; Zwangerschapsverlof; Bevallingsdatum; Medicatie; Bloedgroep; Allergieën; Vaccinatiestatus;
        Verlofreden; DAGEN_ZIEK_EX_ZWANGER; ZIEKTEPERCENTAGE; Health; Sickness; Sick leave; Sick days; Absences;
        Absenteeism time in hours; FTE_DAYS_LOST; SICKNESS_ABSENCE_RATE_PERCENT; Disability; Disabled; Medical
        history; Diagnosis; Pregnancy; Maternity leave; Blood type; Vaccinated; Veteran status; Smoker; Weight;
        Height; Gesundheit; Krankheitstage_Gesamt; Krankenstand; Krankenkasse; NBU_Tage; BU_Tage; Fehlzeiten;
        Fehltage; Abwesenheitsart; Schwerbehinderung; GdB; Grad der Behinderung; Schwangerschaft; Mutterschutz;
        Elternzeit; Blutgruppe; Impfstatus; Gewicht; Lengte; Körpergröße
    """,
    "home and family": """
        Adres; Woonadres; Straat; Huisnummer; Huisnr; Postcode; Woonplaats; Telefoon; Tel.nr.; Tel. privé; Mobiel;
        E-mail; E-mailadres; Privé e-mail; Burgerlijke staat; Burg. staat; Naam partner; Partner; Aantal kinderen;
        Kinderen; Noodcontact; Gezinssamenstelling; Address; Home address; Street; Zip; Postal code; Phone Number;
        Mobile; Email; Marital Status; MaritalDesc; Spouse; Number of children; Dependents; Emergency contact;
        Anschrift; Adresse; Straße; Hausnummer; PLZ; Postleitzahl; Wohnort; Telefonnummer; Handy; Handynummer; Mobil;
        Familienstand; Ehepartner; Anzahl Kinder; Kinderfreibetrag; Notfallkontakt; Pasfoto; Foto; Lichtbild;
        Vingerafdruk
    """,
    "money and trouble": """
        IBAN; Bankrekening; Loonbeslag; Schulden; Strafblad; Bank account; Criminal record; Kontonummer;
        Bankverbindung; Vorstrafen; Steuerklasse
    """,
    "scores of people": """
        Beoordeling; Beoordelingsscore; Prestatiescore; Potentieel; Potentieelscore; 9-box; 9 box; Ninebox;
        Eindoordeel; Talentscore; HiPo; High potential; Performance Score; PerfScoreID; Perf Rating; Appraisal score;
        Potential rating; Talent; Engagement Score; EmpSatisfaction; JobSatisfaction; Leistungsbeurteilung; Leistung;
        Beurteilung; Bewertung; Potenzial; Potenzialeinschätzung; Zufriedenheit_Score; Pulsumfrage_Score
    """,
}
USEFUL = (
    "HR business partner",
    "Bewertung Tarifgruppe",
    "Rijbewijs B",
    "Mobiliteit",
    "Rasterplanning",
    "Vestigingsplaats",
    "Kostenplaats",
    "Resultaat",
)
"""Headers with a sensitive word inside them that mean something else."""


@pytest.mark.parametrize("group", REFUSED)
def test_sensitive_columns_are_named_and_their_values_are_nowhere(tmp_path: Path, group: str) -> None:
    headers = [" ".join(header.split()) for header in REFUSED[group].split(";")]
    rows = [[*HEADERS, *headers], *([*row, *(f"geheim {number}" for number in range(len(headers)))] for row in people(12))]
    result = read(workbook(tmp_path / "a.xlsx", rows))
    used = {column.header: column.use for column in result.main.columns}
    assert {header for header in headers if used[header] != "sensitive"} == set()
    assert {finding.column for finding in result.main.findings if finding.reason == "sensitive_column"} == set(headers)
    assert not any("geheim" in frame.to_csv() for frame in result.frames.values())
    assert "geheim" not in str(result.main)


def test_headers_that_only_sound_sensitive_are_not_called_so() -> None:
    assert [header for header in USEFUL if vocabulary().is_sensitive(header)] == []


@pytest.mark.parametrize("beside", ["M/V", "Afdeling", "Functie", "Deeltijd %", "Uit dienst", "Geb.datum"])
def test_a_number_that_slid_under_another_header_is_nowhere_told(tmp_path: Path, beside: str) -> None:
    """A cell is missing or too many in one row, and the number that stood beside a column stands in it: that row is told of as a
    whole, and no cell of it is an example, a name to choose or a finding of its own."""
    names = ["Pers.nr.", "Geb.datum", "In dienst", "Uit dienst", "Afdeling", "Functie", "Deeltijd %", "Salaris", "M/V"]
    place = names.index(beside)
    for slide, at in ((-1, place + 1), (1, place)):
        headers = [*names[:at], "BSN", *names[at:]]
        rows = []
        for number in range(40):
            day = f"0{1 + number % 9}-05-1975"
            row = [f"{number:05}", day, "01-04-2009", "", "Zorg", "Verzorgende", "80", "3100", "MV"[number % 2]]
            rows.append([*row[:at], f"{700_000_000 + number}", *row[at:]])
        rows[7] = [rows[7][0], *rows[7][2:], ""] if slide < 0 else [rows[7][0], "x", *rows[7][1:]]
        result = read(workbook(tmp_path / "a.xlsx", [headers, *rows]))
        said = str(result.main) + "".join(str(frame.to_dict()) for frame in result.frames.values())
        assert "700000007" not in said
        reasons = [finding.reason for finding in result.main.findings if 9 in finding.rows]
        assert reasons == ["shifted_row"], (beside, slide)


@pytest.mark.parametrize("count", [6, 20, 21, 60])
def test_a_row_that_lost_its_first_cell_is_nowhere_told_in_a_short_list_either(tmp_path: Path, count: int) -> None:
    headers = ["Pers.nr.", "Geb.datum", "In dienst", "Afdeling", "Functie", "FTE", "BSN"]
    rows = [[f"{at:03}", f"0{1 + at % 9}-05-1975", "01-03-2010", "Zorg", "Monteur", "1,0", "123456782"] for at in range(count)]
    rows[4] = [*rows[4][1:], ""]
    result = read(csv_file(tmp_path / "a.csv", [headers, *rows]))
    assert result.main.rejected == (6,)
    said = str(result.main) + "".join(str(frame.to_dict()) for frame in result.frames.values())
    assert "123456782" not in said


def test_a_citizen_number_under_another_header_is_no_example(tmp_path: Path) -> None:
    """One cell is missing beside it and nothing else: that is no shifted row, and the number is not shown all the same."""
    headers = ["Pers.nr.", "Geb.datum", "In dienst", "Afdeling", "Functie", "FTE", "BSN"]
    rows = [[f"{at:03}", "01-05-1975", "01-03-2010", "Zorg", "Monteur", "1,0", "123456782"] for at in range(30)]
    rows[4][5:], rows[9][5] = ["123456782", ""], "77"
    result = read(csv_file(tmp_path / "a.csv", [headers, *rows]))
    wrong = next(finding for finding in result.main.findings if finding.reason == "fte_out_of_range")
    assert (wrong.rows, wrong.example) == ((6, 11), "77")
    assert "123456782" not in str(result.main.findings)


def test_25_sensitive_columns_are_refused_and_formulas_stay_text(tmp_path: Path) -> None:
    headers = [
        "BSN",
        "Etniciteit",
        "Ziekmelding reden",
        "Nationaliteit",
        "Woonadres",
        "Privé e-mail",
        "Gewicht",
        "Performance Score",
        "Geloof",
    ]
    rows = [[*HEADERS, *headers], *([*row, *(["geheim-xyz"] * len(headers))] for row in people(5))]
    rows[1][4] = '=HYPERLINK("http://x";"y")'
    path = csv_file(tmp_path / "a.csv", rows, delimiter="|")
    result = read(path)
    assert [column.header for column in result.main.columns if column.use == "sensitive"] == headers
    assert [finding.column for finding in result.main.findings if finding.reason == "sensitive_column"] == headers
    assert not any(frame.astype(str).isin(["geheim-xyz"]).any().any() for frame in result.frames.values())
    assert "geheim-xyz" not in str(result.main)
    assert result.frames["employees"]["role"].iloc[0] == '=HYPERLINK("http://x";"y")'
    assert found(result, "formula_like_text").rows == (2,)
