//! Results from outside for the demo: people in the sandbox Lever beside people at the vendor of whom only a person can say whether
//! they are one. They come the way an admin's file comes.

use domain::ports::desk::{Imported, ReviewDesk as _, ReviewError};
use uuid::Uuid;

use crate::assembly::Assay;
use crate::desk::Clerk;
use crate::sandbox::lever::{LeverSandbox, NewPerson, Phone};

/// Name, e-mail, phone and town of a person in Lever.
type InLever = (&'static str, &'static str, &'static str, &'static str);
/// Name, e-mail, phone and town of a person at the vendor; test, score.
type AtVendor = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Who is in Lever.
const PEOPLE: [InLever; 35] = [
    ("Marta Nowak", "marta.nowak@example.com", "", "Kraków"),
    ("Robert Ellison", "robert.ellison@example.com", "", "Leeds"),
    ("Сергей Иванов", "s.ivanov@example.com", "", ""),
    ("Jürgen Söllner", "jsoellner77@example.com", "", "Köln"),
    ("Tanaka Yuki", "yuki.t@example.com", "", "Osaka"),
    ("Carla Weiss", "weiss.family@example.com", "", "Bern"),
    ("Jonas Keller", "jonas.keller@example.com", "", "Zürich"),
    ("Jonas Keller", "keller.jonas@example.org", "", "Basel"),
    ("Lea Hoffmann", "lea.h@example.com", "+49 30 5550 1234", "Berlin"),
    ("Mia Hoffmann", "mia.h@example.com", "+49 30 5550 1234", "Berlin"),
    ("Katherine Lowe", "katherine.lowe@example.com", "", ""),
    ("Tomas Ek", "jobs@agency.example", "", "Uppsala"),
    ("Nadia Haddad", "nadia.haddad@example.com", "", "Tunis"),
    ("Oskar Lind", "oskar.lind@example.com", "+46 8 555 0101", "Stockholm"),
    ("Oskar Lind", "o.lind@example.org", "+46 8 555 0101", "Stockholm"),
    ("María García López", "mgarcia@example.com", "", "Sevilla"),
    ("Sofie Lindqvist-Berg", "sofie.lb@example.com", "", ""),
    ("Paul Meyer Sr", "meyer.household@example.com", "+1 512 555 0147", "Austin"),
    ("Ikram Benali", "ikram.benali@gmail.com", "", "Lyon"),
    ("王伟", "wei.w@example.com", "", "Shanghai"),
    ("Julia Costa", "julia.costa@example.com", "", "Lisboa"),
    ("Dmitri Volkov", "d.volkov@example.com", "", "Riga"),
    ("Emeka Obi", "emeka.obi@example.com", "+234 1 555 0199", "Lagos"),
    ("Hannah O'Neill", "hannah.oneill@example.com", "", "Cork"),
    ("Liam Murphy", "liam.murphy@example.com", "", "Dublin"),
    // Others of the agency, and the second application of somebody.
    ("Freja Holm", "freja@elsewhere.example", "", ""),
    ("Nils Berg", "nils@elsewhere.example", "", ""),
    ("Ebba Falk", "ebba@elsewhere.example", "", ""),
    ("Arvid Lund", "arvid@elsewhere.example", "", ""),
    ("Signe Dahl", "signe@elsewhere.example", "", ""),
    ("Nadia Haddad", "nadia.haddad@example.com", "", "Tunis"),
    ("Ines Prado", "ines.prado@example.com", "", "Porto"),
    ("Ines Prado", "prado.ines@example.org", "", "Porto"),
    ("William Carter", "w.carter@example.com", "", "Bristol"),
    ("Petra Novák", "petra.novak@example.com", "", "Brno"),
];

/// Those who have the agency's address, too.
const OF_AGENCY: [&str; 5] = ["Freja Holm", "Nils Berg", "Ebba Falk", "Arvid Lund", "Signe Dahl"];
const AGENCY: &str = "jobs@agency.example";

/// Whom the vendor knows. The first nineteen wait for a person; then one is clear, and one is nobody's.
const RESULTS: [AtVendor; 21] = [
    // Another address.
    ("Marta Nowak", "m.nowak@work.example", "", "Kraków", "Backend screen", "84"),
    // A nickname.
    ("Bob Ellison", "bob.e@mail.example", "", "Leeds", "Backend screen", "71"),
    // Another alphabet.
    ("Sergei Ivanov", "sergei.ivanov@mail.example", "", "", "Data screen", "90"),
    // Another spelling, and another provider.
    ("Juergen Soellner", "jsoellner77@mail.example", "", "Koeln", "Backend screen", "38"),
    // Given name and surname exchanged.
    ("Yuki Tanaka", "tanaka@mail.example", "", "Osaka", "Frontend screen", "66"),
    // A family with one address.
    ("Peter Weiss", "weiss.family@example.com", "", "Bern", "Backend screen", "55"),
    // Namesakes.
    ("Jonas Keller", "jkeller@mail.example", "", "", "Backend screen", "88"),
    // Sisters with one telephone, and no given name.
    ("Hoffmann", "hoffmann@mail.example", "030 55501234", "Berlin", "SQL basics", "77"),
    // An initial.
    ("K. Lowe", "klowe@mail.example", "", "", "Backend screen", "62"),
    // The address of an agency.
    ("Tomas Ek", "jobs@agency.example", "", "", "Data screen", "45"),
    // The person is clear, the application is not.
    ("Nadia Haddad", "nadia.haddad@example.com", "", "Tunis", "Backend screen", "93"),
    // Two profiles of one person in Lever.
    ("Oskar Lind", "lind@mail.example", "+46 8 555 0101", "Stockholm", "Backend screen", "81"),
    // One of two surnames.
    ("Maria Garcia", "maria.garcia@mail.example", "", "Sevilla", "Data screen", "58"),
    // A part of a double name.
    ("Sofie Berg", "sofie.berg@mail.example", "", "", "Frontend screen", "49"),
    // The same name at another provider.
    ("I. Benali", "ikram.benali@outlook.com", "", "Lyon", "Backend screen", "79"),
    // A slip of the keys, and another town's name.
    ("Júlia Costa", "jcosta@mail.example", "", "Lisbon", "SQL basics", "83"),
    // Another transcription.
    ("Dmitry Volkov", "volkov@mail.example", "", "Riga", "Backend screen", "35"),
    // A brother's telephone.
    ("Chinedu Obi", "chinedu@mail.example", "+234 1 555 0199", "Lagos", "Data screen", "68"),
    // Two profiles with one name in one town.
    ("Ines Prado", "iprado@mail.example", "", "Porto", "Backend screen", "74"),
    ("Liam Murphy", "Liam.Murphy@example.com", "", "Dublin", "Backend screen", "86"),
    ("Zora Quell", "zora.quell@mail.example", "", "", "Backend screen", "91"),
];

/// People of these results apply in Lever. Panics where the sandbox lacks what it seeds.
fn apply(lever: &LeverSandbox) {
    for (name, email, phone, town) in PEOPLE {
        let person = NewPerson {
            name: name.into(),
            emails: vec![email.into()],
            phones: (!phone.is_empty()).then(|| Phone { kind: None, value: phone.into() }).into_iter().collect(),
            location: town.into(),
            stage: Some("Phone Screen".into()),
            posting: lever.posting_id("Backend Engineer"),
            ..NewPerson::default()
        };
        let id = lever.add_person(person);
        if OF_AGENCY.contains(&name) {
            lever.change_person(&id, None, Some(&[AGENCY]));
        }
    }
}

/// The file as an admin would bring it.
fn file() -> String {
    let mut file = "id,full_name,email,phone,city,test,score,completed_at,report_url\n".to_owned();
    for (n, (name, email, phone, town, test, score)) in RESULTS.into_iter().enumerate() {
        let day = 1 + n % 20;
        let report = format!("https://py.example/reports/out-{n}");
        file.push_str(&format!("out-{n},{name},{email},{phone},{town},{test},{score},2026-03-{day:02},{report}\n"));
    }
    file
}

/// Brings them in; the jobs find out whose they are.
///
/// # Errors
/// If the database fails.
pub(super) async fn bring(assay: &Assay, organization: Uuid, lever: &LeverSandbox) -> Result<Imported, ReviewError> {
    apply(lever);
    let clerk = Clerk { cx: assay.cx.clone(), wake: assay.wake.clone() };
    clerk.import(organization, "py", file().as_bytes(), "adam@acme.example").await
}

#[cfg(test)]
mod tests {
    use domain::Personal;
    use domain::contact::Contact;
    use domain::identity::{Decision, Person};
    use domain::review::{Crowd, answer, weigh};

    use super::*;

    fn contacts() -> Vec<Contact> {
        let mut contacts: Vec<Contact> = Vec::new();
        for (n, (name, email, phone, town)) in PEOPLE.into_iter().enumerate() {
            let email = if OF_AGENCY.contains(&name) { AGENCY } else { email };
            // Lever knows a second application by its address.
            if !OF_AGENCY.contains(&name) && contacts.iter().any(|c| c.emails[0].reveal() == email) {
                continue;
            }
            contacts.push(Contact {
                id: format!("c{n}"),
                name: Personal::new(name),
                emails: vec![Personal::new(email)],
                phones: (!phone.is_empty()).then(|| Personal::new(phone)).into_iter().collect(),
                location: Personal::new(town),
                aliases: Vec::new(),
            });
        }
        contacts
    }

    #[test]
    fn nineteen_wait_for_a_person_one_is_clear_and_one_is_nobody_s() {
        let contacts = contacts();
        let mut told = Vec::new();
        for (n, (name, email, phone, town, ..)) in RESULTS.into_iter().enumerate() {
            let person = Person {
                full_name: Personal::new(name),
                emails: vec![Personal::new(email)],
                phones: (!phone.is_empty()).then(|| Personal::new(phone)).into_iter().collect(),
                city: Personal::new(town),
                ..Person::default()
            };
            let weighed = weigh(&person, &contacts, 2_000);
            let found = answer(&weighed, Crowd::default());
            let expected = match n {
                // Clear but for her two applications.
                10 | 19 => Decision::Match,
                20 => Decision::Unknown,
                _ => Decision::Review,
            };
            if found.decision != expected {
                told.push(format!(
                    "{name}: {:?} {:?} {:?}",
                    found.decision,
                    found.why,
                    found.candidates.first().map(|c| c.bits)
                ));
            }
        }
        assert_eq!(told, Vec::<String>::new());
    }
}
