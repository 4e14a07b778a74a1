"""Runs Assay, Splink and recordlinkage on FEBRL 4, side by side, on what export.py wrote.

    venv/bin/python compare.py OUT ../../target/release/assay

Assay runs with its shipped defaults. Splink gets settings written here (comparisons of its library, term frequencies, training
by random sampling and expectation maximization); its own makers may do better. It is linked at the threshold that is best for
it, which needs the truth. recordlinkage links by the sum of Jaro-Winkler similarities, also at its best threshold.
"""

import json
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pandas as pd

warnings.filterwarnings("ignore")


def f1(found, truth):
    right = len(found & truth)
    return 2 * right / (len(found) + len(truth)) if found else 0.0


def best(scored, truth):
    """The best F1 over all thresholds, and the wrong links there."""
    scored = sorted(scored, reverse=True)
    top, right = (0.0, 0), 0
    for n, (_, pair) in enumerate(scored, start=1):
        right += pair in truth
        value = 2 * right / (n + len(truth))
        if value > top[0]:
            top = (value, n - right)
    return top


def assay(out, program, view):
    files = {"left": f"febrl4-{view}-left.csv", "right": f"febrl4-{view}-right.csv", "truth": "febrl4-truth.csv"}
    command = [program, "match", "evaluate", "--json"]
    for flag, name in files.items():
        command += [f"--{flag}", str(out / name)]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    wrong = round(figures["matches"] * (1 - figures["precision"]))
    return figures["f1"], wrong, figures["seconds"], figures["review_pairs"]


def splink(left, right, truth):
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    columns = [c for c in left.columns if c != "id"]
    kinds = {
        "given_name": cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        "surname": cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        "date_of_birth": cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        "external_id": cl.DamerauLevenshteinAtThresholds("external_id", [1, 2]),
        "street": cl.JaroWinklerAtThresholds("street", [0.9, 0.7]),
        "city": cl.JaroWinklerAtThresholds("city", [0.9]),
        "postcode": cl.DamerauLevenshteinAtThresholds("postcode", [1]),
        "region": cl.ExactMatch("region"),
    }
    rules = [("given_name", "surname"), ("given_name", "date_of_birth"), ("surname", "date_of_birth"), ("external_id",)]
    rules += [("given_name", "postcode"), ("surname", "postcode"), ("date_of_birth", "postcode"), ("date_of_birth",)]
    rules = [rule for rule in rules if set(rule) <= set(columns)]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        comparisons=[kinds[column] for column in columns],
    )
    database = DuckDBAPI()
    linker = Linker([database.register(frame) for frame in (left, right)], settings)
    linker.training.estimate_probability_two_random_records_match([block_on(*rules[0])], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (("date_of_birth",), ("given_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    pairs = linker.inference.predict(threshold_match_weight=-15).as_pandas_dataframe()
    scored = [
        (w, (a, b) if (a, b) in truth else (b, a))
        for w, a, b in zip(pairs["match_weight"], pairs["id_l"], pairs["id_r"])
    ]
    return best(scored, truth)


def record_linkage(left, right, truth):
    import recordlinkage

    left, right = left.set_index("id"), right.set_index("id")
    index = recordlinkage.Index()
    columns = list(left.columns)
    for column in ["given_name", "surname", "date_of_birth"] + (["external_id"] if "external_id" in columns else []):
        index.block(column)
    compare = recordlinkage.Compare()
    for column in columns:
        compare.string(column, column, method="jarowinkler", missing_value=0.5)
    sums = compare.compute(index.index(left, right), left, right).sum(axis=1)
    return best(list(zip(sums, sums.index)), truth)


def main(out, program):
    truth = set(map(tuple, pd.read_csv(out / "febrl4-truth.csv").values))
    print(f"{'fields':10} {'who':14} {'F1':>7} {'wrong':>6} {'seconds':>8}  review")
    for view in ("all", "id", "postcode"):
        value, wrong, seconds, review = assay(out, program, view)
        print(f"{view:10} {'assay':14} {value:7.4f} {wrong:6} {seconds:8.2f}  {review}")
        left, right = (pd.read_csv(out / f"febrl4-{view}-{side}.csv", dtype=str) for side in ("left", "right"))
        for name, run in (("splink", splink), ("recordlinkage", record_linkage)):
            start = time.perf_counter()
            value, wrong = run(left.copy(), right.copy(), truth)
            print(f"{view:10} {name:14} {value:7.4f} {wrong:6} {time.perf_counter() - start:8.2f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
