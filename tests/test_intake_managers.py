"""Managers by number and by name: unknown ones, circles, names that several people have. Numbers: docs/import_faults.md."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np

from intake.managers import in_circles
from tests.intake_files import HEADERS, csv_file, found, people, read, silent, table, workbook


def test_23_managers_in_circles_and_unknown_ones_are_named(tmp_path: Path) -> None:
    managers = ["00002", "00003", "00001", "00001", "00005", "99999", None, *["00001"] * 5]
    rows = [[*HEADERS, "Manager ID"], *([*row, manager] for row, manager in zip(people(12), managers, strict=True))]
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert result.main.rows_kept == 12
    assert found(result, "manager_circle").rows == (2, 3, 4, 6)
    assert found(result, "manager_unknown").rows == (7,)
    deep = [[*HEADERS, "Manager ID"], *([*row, f"{at + 2:05d}" if at < 2999 else "00001"] for at, row in enumerate(people(3000)))]
    assert found(read(csv_file(tmp_path / "deep.csv", deep)), "manager_circle").count == 3000


def test_23_managers_given_by_name_lead_to_the_one_person_of_that_name(tmp_path: Path) -> None:
    first = ["Anna", "Bram", "Carla", "Dirk", "Anna", "Ed", "Fien", "Gijs"]
    between = ["de", None, "van der", None, None, None, None, None]
    last = ["Boer", "Smit", "Meer", "Kok", "Bos", "Vos", "Smit", "Vos"]
    led = ["Bram Smit", "Meer, Carla van der", "ANNA DE BOER", "Mevr. Anna  de Boer", "Onbekende Baas", "00001", "n.v.t.", None]
    split = table({"Voornaam": first, "Tussenvoegsel": between, "Achternaam": last, "Leidinggevende": led})
    whole = [" ".join(part for part in name if part) for name in zip(first, between, last, strict=True)]
    for number, (header, rows) in enumerate(
        {
            "Leidinggevende": split,
            "Manager": table({"Naam": whole, "Manager": led}),
            "Naam leidinggevende": table({"Naam medewerker": whole, "Naam leidinggevende": led}),
        }.items()
    ):
        result = read(workbook(tmp_path / f"{number}.xlsx", rows))
        assert result.main.rows_kept == 8
        by_name = found(result, "manager_by_name")
        assert (by_name.column, by_name.rows) == (header, (2, 3, 4, 5))
        assert found(result, "manager_name_unknown").rows == (6,), "listed, and left empty"
        assert found(result, "manager_circle").rows == (2, 3, 4), "Anna, Bram and Carla lead each other"
        said = " ".join(f"{finding.example} {finding.params}" for finding in result.main.findings)
        assert not any(name in said for name in last), "nobody's name stands in the report"
        assert not {"Leidinggevende", "Manager"} & set(result.frames["employees"].columns)


def test_23_a_manager_whose_name_several_people_have_stays_empty(tmp_path: Path) -> None:
    twice = table({"Naam": ["Jan Bos", "Jan Bos", "Piet Kok", "Rik Vos"], "Manager": ["Piet Kok", "Piet Kok", "Jan Bos", "Bos, Jan"]})
    result = read(workbook(tmp_path / "a.xlsx", twice))
    assert found(result, "manager_name_shared").rows == (4, 5)
    assert found(result, "manager_by_name").rows == (2, 3)
    assert silent(result, "manager_circle", "manager_name_unknown"), "the first of the two is not taken for their manager"
    alone = read(workbook(tmp_path / "b.xlsx", table({"Manager": ["Piet Kok", "Piet Kok", None, "Bos, Jan"]})))
    assert found(alone, "manager_names_alone").rows == (2, 3, 5)
    numbers = read(workbook(tmp_path / "c.xlsx", table({"Manager ID": ["77", "78", None, "77"]})))
    assert (found(numbers, "manager_unknown").rows, found(numbers, "manager_unknown").example) == ((2, 3, 5), "77")


def test_23_going_up_from_manager_to_manager_ends_on_a_circle_or_with_nobody() -> None:
    """Beside a walk one by one, for every small company there can be: four people, each led by one of them or by nobody."""
    for above in product(range(-1, 4), repeat=4):
        meets = []
        for start in range(4):
            here, steps = above[start], 0
            while here not in (start, -1) and steps < 5:
                here, steps = above[here], steps + 1
            meets.append(here == start)
        assert in_circles(np.array(above)).tolist() == meets
