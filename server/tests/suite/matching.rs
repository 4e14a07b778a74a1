//! `assay match evaluate` as people use it: files in, figures and pairs out, and a sentence for every wrong file.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("assay-match-{}", server::ids::token()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The exit code, and what was said: on standard output when it went well, on standard error otherwise.
    fn evaluate(&self, left: impl AsRef<[u8]>, right: impl AsRef<[u8]>, more: &[&str]) -> (i32, String) {
        let (left, right) = (self.file("left.csv", left), self.file("right.csv", right));
        let output = run(&[&["--left", &left, "--right", &right], more].concat());
        let code = output.status.code().unwrap();
        let said = if code == 0 { output.stdout } else { output.stderr };
        (code, String::from_utf8(said).unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.env_clear().args(["match", "evaluate"]).args(arguments).output().unwrap()
}

const LEFT: &str = "id,given_name,surname,email,date_of_birth,hair\r\n\
    l1,Bob,Lovelace,bob.l@gmail.com,1985-12-10,red\r\n\
    l2,Ann,Smith,,,\r\n\
    l3,Eve,Stone,eve@stone.example,1990-02-31,\r\n";
const RIGHT: &str = "\u{feff}external_id,id,full_name,email,date_of_birth\n\
    ,r1,\"Lovelace, Robert\",bobl@googlemail.com,1985-12-10\n\
    ,r2,Ann Smith,,\n\
    ,r3,Eve Stone,eve@stone.example,1990-02-31\n";

#[test]
fn figures_have_four_decimals_and_pairs_are_written() {
    let folder = Folder::new();
    let truth = folder.file("truth.csv", "left_id,right_id\nl1,r1\nl2,r2\nl3,r3\n");
    let out = folder.0.join("pairs.csv");
    let (code, said) = folder.evaluate(LEFT, RIGHT, &["--truth", &truth, "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..3], ["precision 1.0000", "recall 0.6667", "F1 0.8000"], "{said}");
    assert!(lines[3].starts_with("seconds ") && lines[4].starts_with("review "), "{said}");
    let pairs = std::fs::read_to_string(out).unwrap();
    let rows: Vec<Vec<&str>> = pairs.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["left_id", "right_id", "score", "decision"]);
    let links: Vec<(&str, &str)> = rows.iter().filter(|row| row[3] == "match").map(|row| (row[0], row[1])).collect();
    assert_eq!(links, [("l1", "r1"), ("l3", "r3")], "two people may be called Ann Smith");
}

#[test]
fn a_wrong_file_is_refused_with_its_line() {
    let folder = Folder::new();
    let mut wide = "id".to_owned();
    (0..1_000_000).for_each(|n| write!(wide, ",c{n}").unwrap());
    let unclosed = "id,surname\n1,\"Smith\n2,Jones\n3,Stone\n".to_owned();
    let endless = format!("id,surname\n1,\"{}", "x\n".repeat(9 << 20));
    for (left, expected) in [
        (String::new(), "is empty"),
        ("name\nx\n".to_owned(), "line 1 names no column id"),
        ("id,email,email\n1,a,b\n".to_owned(), "line 1 names the column email twice"),
        ("id,surname\n1,Smith\n2\n".to_owned(), "line 3 has 1 cells instead of 2"),
        ("id,surname\n1,Smith,x\n".to_owned(), "line 2 has 3 cells instead of 2"),
        ("id,surname\n1,Smith\n,Jones\n".to_owned(), "line 3 has no id"),
        ("id\n7\n8\n7\n".to_owned(), "line 4 has the id \"7\" of line 2"),
        ("id\r\n7\r\n8\r\n7\r\n".to_owned(), "line 4 has the id \"7\" of line 2"),
        ("id,surname\r\n1,Smith\r\n2\r\n".to_owned(), "line 3 has 1 cells instead of 2"),
        (unclosed, "line 2 opens a quote that is not closed"),
        (endless, "line 2 cannot be read"),
        (wide, "at most 10000 are read"),
    ] {
        let (code, said) = folder.evaluate(&left, RIGHT, &[]);
        assert_eq!(code, 1, "{said}");
        assert!(
            said.starts_with("assay: ") && said.contains("left.csv") && said.contains(expected),
            "{expected}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let (_, said) = folder.evaluate(b"id,surname\n1,M\xfcller\n", RIGHT, &[]);
    assert!(said.contains("line 2 is not UTF-8"), "{said}");
    let (_, said) = folder.evaluate(b"\xff\xfei\0d\0", RIGHT, &[]);
    assert!(said.contains("UTF-16"), "{said}");
}

#[test]
fn a_truth_about_nobody_and_a_missing_file_are_said() {
    let folder = Folder::new();
    let truth = folder.file("truth.csv", "left_id,right_id\nl1,r1\nl9,r1\n");
    let (code, said) = folder.evaluate(LEFT, RIGHT, &["--truth", &truth]);
    assert!(code == 1 && said.contains("line 3 names \"l9\", who is not in the left file"), "{said}");
    let output = run(&["--left", "/nowhere/a.csv", "--right", "/nowhere/b.csv"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("/nowhere/a.csv could not be read"), "{said}");
    assert_eq!(run(&["--left", "a.csv"]).status.code(), Some(2));
}

#[test]
fn a_crowd_behind_one_address_is_answered_quickly() {
    let folder = Folder::new();
    let crowd = |side: &str| {
        let mut text = "id,given_name,surname,email\n".to_owned();
        (0..5_000).for_each(|n| writeln!(text, "{side}{n},A,,office@agency.example").unwrap());
        text
    };
    let (code, said) = folder.evaluate(crowd("l"), crowd("r"), &["--json"]);
    let figures: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &figures["matches"]), (0, &0.into()), "{said}");
    assert!(figures["seconds"].as_f64().unwrap() < 30.0, "{said}");
}
