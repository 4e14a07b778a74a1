//! Names as a real account has them: from everywhere, and now and then one that a page was not made for.

use super::dice::Dice;

const GIVEN: [&str; 40] = [
    "Ana",
    "Liam",
    "Noor",
    "Yuki",
    "Mateo",
    "Zofia",
    "Amara",
    "Jonas",
    "Priya",
    "Chen",
    "Fatima",
    "Lucas",
    "Ingrid",
    "Tomasz",
    "Aisha",
    "Diego",
    "Saoirse",
    "Kwame",
    "Hana",
    "Viktor",
    "Leïla",
    "Søren",
    "Nguyễn",
    "Camille",
    "Oluwaseun",
    "Emre",
    "Freya",
    "Iván",
    "Mei",
    "Rahul",
    "Élodie",
    "Bjørk",
    "Tariq",
    "Giulia",
    "Dmitri",
    "Anneke",
    "Siobhán",
    "José",
    "Małgorzata",
    "Wei",
];

const FAMILY: [&str; 40] = [
    "Silva",
    "Murphy",
    "Haddad",
    "Tanaka",
    "García",
    "Kowalska",
    "Okafor",
    "Weber",
    "Sharma",
    "Li",
    "Benali",
    "Moreau",
    "Lindqvist",
    "Nowak",
    "Khan",
    "Fernández",
    "O’Brien",
    "Mensah",
    "Suzuki",
    "Petrov",
    "Haddou",
    "Østergård",
    "Trần",
    "Dubois",
    "Adeyemi",
    "Yılmaz",
    "Jónsdóttir",
    "Álvarez",
    "Zhang",
    "Iyer",
    "Lefèvre",
    "Þórsson",
    "Aziz",
    "Rossi",
    "Volkov",
    "de Vries",
    "Ní Dhomhnaill",
    "dos Santos",
    "Wiśniewska",
    "Müller-Lüdenscheidt",
];

const ODD: [&str; 8] = [
    "",
    "محمد بن عبد الله الفارسي",
    "שרה לוי־כהן",
    "<b>Robert</b> & \"Bobby\" <script>alert(1)</script>",
    "Wolfeschlegelsteinhausenbergerdorff-Hubert-Blaine von und zu Hohenlohe-Langenburg-Schillingsfürst-Kaunitz-Rietberg the \
     Third, called Hugh",
    "X Æ A-12",
    "李小龍",
    "Zoë 🦊 Фокс",
];

/// A full name; one in two hundred is odd.
pub(super) fn name(dice: &mut Dice) -> String {
    if dice.per_mille(5) {
        return dice.pick(&ODD).to_owned();
    }
    let (given, family) = (dice.pick(&GIVEN), dice.pick(&FAMILY));
    if dice.per_mille(120) { format!("{given} {} {family}", dice.pick(&GIVEN)) } else { format!("{given} {family}") }
}
