//! Countries: their names, and how their telephone numbers begin.

use super::text;

/// ISO 3166 code, calling code (ITU E.164), the digit before a number that is dialled only inside the country, and names as
/// they are folded. No trunk digit: the number is dialled as it is (or, in Italy, its zero belongs to it).
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

const COUNTRIES: &[Row] = &[
    ("us", "1", "1", &["usa", "united states", "united states of america", "u s", "u s a", "america"]),
    ("ca", "1", "1", &["canada"]),
    ("gb", "44", "0", &["uk", "united kingdom", "great britain", "england", "scotland", "wales", "u k"]),
    ("ie", "353", "0", &["ireland"]),
    ("de", "49", "0", &["germany", "deutschland"]),
    ("at", "43", "0", &["austria", "osterreich", "oesterreich"]),
    ("ch", "41", "0", &["switzerland", "schweiz", "suisse", "svizzera"]),
    ("fr", "33", "0", &["france", "frankreich"]),
    ("be", "32", "0", &["belgium", "belgie", "belgique"]),
    ("nl", "31", "0", &["netherlands", "the netherlands", "nederland", "holland"]),
    ("lu", "352", "", &["luxembourg"]),
    ("es", "34", "", &["spain", "espana"]),
    ("pt", "351", "", &["portugal"]),
    ("it", "39", "", &["italy", "italia"]),
    ("gr", "30", "", &["greece", "hellas"]),
    ("dk", "45", "", &["denmark", "danmark"]),
    ("se", "46", "0", &["sweden", "sverige"]),
    ("no", "47", "", &["norway", "norge"]),
    ("fi", "358", "0", &["finland", "suomi"]),
    ("pl", "48", "", &["poland", "polska"]),
    ("cz", "420", "", &["czechia", "czech republic", "cesko"]),
    ("sk", "421", "0", &["slovakia", "slovensko"]),
    ("hu", "36", "06", &["hungary", "magyarorszag"]),
    ("ro", "40", "0", &["romania"]),
    ("bg", "359", "0", &["bulgaria"]),
    ("hr", "385", "0", &["croatia", "hrvatska"]),
    ("rs", "381", "0", &["serbia", "srbija"]),
    ("ua", "380", "0", &["ukraine", "ukraina"]),
    ("ru", "7", "8", &["russia", "russian federation", "rossiia"]),
    ("kz", "7", "8", &["kazakhstan"]),
    ("tr", "90", "0", &["turkey", "turkiye"]),
    ("il", "972", "0", &["israel"]),
    ("ae", "971", "0", &["united arab emirates", "uae"]),
    ("sa", "966", "0", &["saudi arabia"]),
    ("eg", "20", "0", &["egypt"]),
    ("ma", "212", "0", &["morocco", "maroc"]),
    ("za", "27", "0", &["south africa"]),
    ("ng", "234", "0", &["nigeria"]),
    ("ke", "254", "0", &["kenya"]),
    ("in", "91", "0", &["india"]),
    ("pk", "92", "0", &["pakistan"]),
    ("bd", "880", "0", &["bangladesh"]),
    ("cn", "86", "0", &["china", "zhongguo"]),
    ("hk", "852", "", &["hong kong"]),
    ("tw", "886", "0", &["taiwan"]),
    ("jp", "81", "0", &["japan", "nippon"]),
    ("kr", "82", "0", &["south korea", "korea", "republic of korea"]),
    ("sg", "65", "", &["singapore"]),
    ("my", "60", "0", &["malaysia"]),
    ("th", "66", "0", &["thailand"]),
    ("vn", "84", "0", &["vietnam", "viet nam"]),
    ("ph", "63", "0", &["philippines"]),
    ("id", "62", "0", &["indonesia"]),
    ("au", "61", "0", &["australia"]),
    ("nz", "64", "0", &["new zealand"]),
    ("br", "55", "0", &["brazil", "brasil"]),
    ("ar", "54", "0", &["argentina"]),
    ("cl", "56", "", &["chile"]),
    ("co", "57", "", &["colombia"]),
    ("pe", "51", "0", &["peru"]),
    ("mx", "52", "", &["mexico"]),
];

/// The ISO code of a country given by name or code; the folded text itself where the country is not known.
pub fn code(raw: &str) -> String {
    let folded = text::fold(raw);
    let known = COUNTRIES.iter().find(|(iso, _, _, names)| *iso == folded || names.contains(&folded.as_str()));
    known.map_or(folded, |(iso, ..)| (*iso).to_owned())
}

/// Calling code and trunk prefix of the country with this ISO code.
pub fn dialling(iso: &str) -> Option<(&'static str, &'static str)> {
    COUNTRIES.iter().find(|row| row.0 == iso).map(|row| (row.1, row.2))
}

/// The calling code that international digits begin with, and the country's trunk prefix.
pub fn of_digits(digits: &str) -> Option<(&'static str, &'static str)> {
    let known = COUNTRIES.iter().filter(|row| digits.starts_with(row.1)).max_by_key(|row| row.1.len());
    known.map(|row| (row.1, row.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_known_by_name_and_code() {
        for (raw, iso) in
            [("Deutschland", "de"), ("U.S.A.", "us"), ("GB", "gb"), ("Österreich", "at"), ("Narnia", "narnia")]
        {
            assert_eq!(code(raw), iso, "{raw}");
        }
    }
}
