//! Matching two lists: how well and how fast, by the command people use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::Personal;
use domain::identity::Person;
use domain::identity::invented::{Invented, invent};

use crate::{Failed, Folder, figure};

/// Neither the tests nor the making of the rules used it. Whoever changes a rule because of what it shows takes another one.
const SEED: u64 = 7_340_951;

/// Invented people, and FEBRL where `ASSAY_FEBRL` names the folder that `tools/febrl/export.py` wrote.
pub fn matching(folder: &Folder) -> Result<(), Failed> {
    println!("\nMatching people of two lists");
    invented(folder, 20_000)?;
    large(folder)?;
    match std::env::var_os("ASSAY_FEBRL") {
        Some(data) => febrl(folder, &PathBuf::from(data)),
        None => {
            println!("SKIPPED: FEBRL: ASSAY_FEBRL is not set; tools/febrl/export.py writes the folder it names");
            Ok(())
        }
    }
}

fn invented(folder: &Folder, people: usize) -> Result<(), Failed> {
    let all = invent(people, SEED);
    let files = write(folder, &all)?;
    let found = run(&files)?;
    let hard = share(all.hard.len(), all.left.len());
    figure(
        "invented people on the left / hard negatives",
        format!("{} / {hard:.4}", all.left.len()),
        ">= 20,000 / 0.15",
        hard >= 0.15,
    );
    figure("  false automatic links", found.wrong, "0", found.wrong == 0);
    figure("  automatic recall", format!("{:.4}", found.recall), ">= 0.97", found.recall >= 0.97);
    figure("  share sent to review", format!("{:.4}", found.review_share), "<= 0.08", found.review_share <= 0.08);
    Ok(())
}

fn large(folder: &Folder) -> Result<(), Failed> {
    let all = invent(100_000, SEED);
    let found = run(&write(folder, &all)?)?;
    figure("100,000 x 100,000 people", format!("{:.1} s", found.seconds), "<= 60 s", found.seconds <= 60.0);
    figure("  memory at its highest", format!("{:.0} MB", found.megabytes), "<= 500 MB", found.megabytes <= 500.0);
    figure("  false automatic links", found.wrong, "0", found.wrong == 0);
    Ok(())
}

fn febrl(folder: &Folder, data: &Path) -> Result<(), Failed> {
    for (view, least) in [("all", 0.9999), ("id", 0.993), ("postcode", 0.987)] {
        let files = Files {
            left: data.join(format!("febrl4-{view}-left.csv")),
            right: data.join(format!("febrl4-{view}-right.csv")),
            truth: data.join("febrl4-truth.csv"),
            out: folder.0.join("pairs.csv"),
        };
        let found = run(&files)?;
        figure(&format!("FEBRL4, {view}: F1"), format!("{:.4}", found.f1), &format!(">= {least}"), found.f1 >= least);
        figure("  false automatic links", found.wrong, "0", found.wrong == 0);
        figure("  pairs to review", found.review_pairs, "<= 450", found.review_pairs <= 450);
        figure("  seconds", format!("{:.2}", found.seconds), "<= 1", found.seconds <= 1.0);
    }
    Ok(())
}

struct Files {
    left: PathBuf,
    right: PathBuf,
    truth: PathBuf,
    out: PathBuf,
}

fn write(folder: &Folder, all: &Invented) -> Result<Files, Failed> {
    let at = |name: &str| folder.0.join(name);
    let files = Files { left: at("left.csv"), right: at("right.csv"), truth: at("truth.csv"), out: at("pairs.csv") };
    people(&files.left, &all.left)?;
    people(&files.right, &all.right)?;
    let mut truth = csv::Writer::from_path(&files.truth)?;
    truth.write_record(["left_id", "right_id"])?;
    for (left, right) in &all.truth {
        truth.write_record([left, right])?;
    }
    truth.flush()?;
    Ok(files)
}

fn people(path: &Path, people: &[Person]) -> Result<(), Failed> {
    let mut file = csv::Writer::from_path(path)?;
    file.write_record(Person::COLUMNS)?;
    for person in people {
        let first = |all: &[Personal]| all.first().map(|p| p.reveal().to_owned()).unwrap_or_default();
        let texts = [&person.given_name, &person.surname, &person.full_name].map(Personal::reveal);
        let rest = [
            &person.date_of_birth,
            &person.street,
            &person.city,
            &person.postcode,
            &person.region,
            &person.country,
            &person.external_id,
        ];
        let contact = [first(&person.emails), first(&person.phones)];
        let cells = std::iter::once(person.id.as_str()).chain(texts).chain(contact.iter().map(String::as_str));
        file.write_record(cells.chain(rest.map(Personal::reveal)))?;
    }
    file.flush()?;
    Ok(())
}

struct Found {
    recall: f64,
    f1: f64,
    wrong: u64,
    review_pairs: u64,
    review_share: f64,
    seconds: f64,
    megabytes: f64,
}

/// Runs the command, and watches its memory.
fn run(files: &Files) -> Result<Found, Failed> {
    let mut child = Command::new(std::env::current_exe()?.with_file_name("assay"))
        .args(["match", "evaluate", "--json", "--left"])
        .arg(&files.left)
        .arg("--right")
        .arg(&files.right)
        .arg("--truth")
        .arg(&files.truth)
        .arg("--out")
        .arg(&files.out)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut kib = 0.0_f64;
    while child.try_wait()?.is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        if let Some(line) = status.lines().find_map(|l| l.strip_prefix("VmHWM:")) {
            kib = kib.max(line.trim().trim_end_matches("kB").trim().parse()?);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output()?;
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let number = |name: &str| figures[name].as_f64().ok_or_else(|| format!("no {name} in {figures}"));
    let (matches, precision) = (number("matches")?, number("precision")?);
    Ok(Found {
        recall: number("recall")?,
        f1: number("f1")?,
        wrong: (matches * (1.0 - precision)).round() as u64,
        review_pairs: number("review_pairs")? as u64,
        review_share: number("review_share")?,
        seconds: number("seconds")?,
        megabytes: kib * 1_024.0 / 1e6,
    })
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
