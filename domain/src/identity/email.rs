//! E-mail addresses: two spellings of one mailbox are one address. Only what a provider documents is applied to it.

use super::person::Level;
use super::text;

/// One e-mail address, as written and as the mailbox it leads to.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    written: Box<str>,
    mailbox: Box<str>,
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[personal]")
    }
}

/// What a provider does with the part before the at sign.
struct Provider {
    domains: &'static [&'static str],
    /// Characters that make no difference.
    ignored: &'static [char],
    /// Whether what follows a plus is a label.
    plus: bool,
}

/// As the providers' own help pages say (2026). The first domain stands for all: they lead to one mailbox. Microsoft's domains
/// are separate mailboxes and therefore separate lines.
const PROVIDERS: &[Provider] = &[
    Provider { domains: &["gmail.com", "googlemail.com"], ignored: &['.'], plus: true },
    Provider { domains: &["outlook.com"], ignored: &[], plus: true },
    Provider { domains: &["hotmail.com"], ignored: &[], plus: true },
    Provider { domains: &["live.com"], ignored: &[], plus: true },
    Provider { domains: &["icloud.com", "me.com", "mac.com"], ignored: &[], plus: true },
    Provider {
        domains: &["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
        ignored: &['.', '-', '_'],
        plus: true,
    },
    Provider {
        domains: &["yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"],
        ignored: &[],
        plus: true,
    },
    Provider { domains: &["fastmail.com", "fastmail.fm"], ignored: &[], plus: true },
];

/// Addresses that are typed to get past a required field.
const PLACEHOLDERS: [&str; 8] = ["none", "noemail", "no-email", "unknown", "na", "n.a", "noreply", "no-reply"];

impl Email {
    /// Reads one address: `a@b.c`, `Name <a@b.c>`, `mailto:`, with comments in brackets and quotes that are not needed. Nothing
    /// for what is no address, or has more than one reading.
    pub fn parse(raw: &str) -> Option<Self> {
        if text::is_too_long(raw) {
            return None;
        }
        let bare = without_comments(bracketed(raw.trim())?)?;
        let bare = bare.trim();
        let bare = bare.strip_prefix("mailto:").unwrap_or(bare).to_lowercase();
        let (local, domain) = bare.rsplit_once('@')?;
        let domain = domain.trim_end_matches('.');
        let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
        let plain = if is_quoted { &local[1..local.len() - 1] } else { local };
        if !is_domain(domain) || !is_plain(plain) || PLACEHOLDERS.contains(&plain) {
            return None;
        }
        let written = format!("{plain}@{domain}").into_boxed_str();
        Some(Self { mailbox: mailbox(plain, domain).map_or_else(|| written.clone(), String::into_boxed_str), written })
    }

    /// The mailbox: equal for all spellings that lead to it.
    pub fn mailbox(&self) -> &str {
        &self.mailbox
    }

    /// What stands before the at sign, without a label after a plus.
    pub fn local(&self) -> &str {
        let local = self.mailbox.split('@').next().unwrap_or_default();
        local.split('+').next().unwrap_or_default()
    }

    fn domain(&self) -> &str {
        self.mailbox.rsplit('@').next().unwrap_or_default()
    }

    /// How far two addresses agree.
    pub fn agree(&self, other: &Self) -> Level {
        if self.written == other.written {
            return Level::Same;
        }
        if self.mailbox == other.mailbox {
            return Level::Rewritten;
        }
        let (a, b) = (self.local(), other.local());
        if a.len() < 4 || b.len() < 4 {
            return Level::Different;
        }
        let digits = |s: &str| s.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
        let is_one_domain = self.domain() == other.domain();
        if a == b {
            let is_slip = is_one_domain || text::slips(self.domain(), other.domain(), 1).is_some();
            return if is_slip { Level::Typo } else { Level::Part };
        }
        // anna1@ and anna2@ are the next free names, not slips of the keys.
        if is_one_domain && digits(a) == digits(b) && text::slips(a, b, 1).is_some() {
            return Level::Typo;
        }
        Level::Different
    }
}

/// The address between angle brackets, or all of it.
fn bracketed(raw: &str) -> Option<&str> {
    match (raw.matches('<').count(), raw.matches('>').count()) {
        (0, 0) => Some(raw),
        (1, 1) => raw.split_once('<')?.1.strip_suffix('>'),
        _ => None,
    }
}

/// Comments in round brackets (RFC 5322, 3.2.2) say nothing; a bracket that is not closed leaves the address unclear.
fn without_comments(raw: &str) -> Option<String> {
    let mut depth = 0_u32;
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    (depth == 0).then_some(out)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

/// What may stand before the at sign without quotes (RFC 5322 "dot-atom", RFC 6531 for other letters).
fn is_plain(local: &str) -> bool {
    !local.is_empty()
        && !local.starts_with('+')
        && local.split('.').all(|atom| !atom.is_empty())
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
}

fn mailbox(local: &str, domain: &str) -> Option<String> {
    let provider = PROVIDERS.iter().find(|p| p.domains.contains(&domain))?;
    let name = if provider.plus { local.split('+').next().unwrap_or(local) } else { local };
    let mut name: String = name.chars().filter(|c| !provider.ignored.contains(c)).collect();
    if provider.domains[0] == "yandex.ru" {
        name = name.replace('.', "-");
    }
    (!name.is_empty()).then(|| format!("{name}@{}", provider.domains[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox_of(raw: &str) -> Option<String> {
        Email::parse(raw).map(|e| e.mailbox().to_owned())
    }

    #[test]
    fn spellings_of_one_mailbox_are_one_address() {
        for (raw, mailbox) in [
            ("Jane.Doe@GMAIL.com", "janedoe@gmail.com"),
            ("j.a.n.e.doe+jobs@googlemail.com", "janedoe@gmail.com"),
            ("jane.doe+x@outlook.com", "jane.doe@outlook.com"),
            ("jane@me.com", "jane@icloud.com"),
            ("jane_doe@pm.me", "janedoe@proton.me"),
            ("jane.doe@ya.ru", "jane-doe@yandex.ru"),
            ("jane.doe+x@acme.example", "jane.doe+x@acme.example"),
            ("Jane Doe <jane@acme.example>", "jane@acme.example"),
            ("mailto:jane@acme.example", "jane@acme.example"),
            ("jane(work)@acme.example", "jane@acme.example"),
            ("\"jane.doe\"@gmail.com", "janedoe@gmail.com"),
            ("jane@acme.example.", "jane@acme.example"),
            (" jane@münchen.example ", "jane@münchen.example"),
        ] {
            assert_eq!(mailbox_of(raw).as_deref(), Some(mailbox), "{raw}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for raw in [
            "",
            "jane",
            "@acme.example",
            "jane@",
            "jane@localhost",
            "a@b@c.example",
            "\"a@b\"@c.example",
            "jane doe@acme.example",
            "jane(@acme.example",
            "jane)@acme.example",
            "a..b@acme.example",
            "<a@b.example",
            "a@b.example>, c@d.example",
            "none@none.com",
            "noreply@acme.example",
            "+@gmail.com",
            "jane@-.example",
            "👩@acme.example",
        ] {
            assert_eq!(mailbox_of(raw), None, "{raw:?}");
        }
        assert_eq!(mailbox_of(&format!("{}@acme.example", "a".repeat(300))), None);
    }

    #[test]
    fn addresses_agree_by_level() {
        for (a, b, level) in [
            ("jane@acme.example", "JANE@acme.example", Level::Same),
            ("jane.doe@gmail.com", "janedoe@gmail.com", Level::Rewritten),
            ("janedoe@gmail.com", "janedoe@gmial.com", Level::Typo),
            ("jane.doe@acme.example", "jane.dole@acme.example", Level::Typo),
            ("jane.doe+a@acme.example", "jane.doe@acme.example", Level::Typo),
            ("jane.doe@acme.example", "jane.doe@other.example", Level::Part),
            ("jane1@gmail.com", "jane2@gmail.com", Level::Different),
            ("jane.doe@outlook.com", "janedoe@outlook.com", Level::Typo),
            ("joe@a.example", "jim@a.example", Level::Different),
        ] {
            let (a, b) = (Email::parse(a).unwrap(), Email::parse(b).unwrap());
            assert_eq!(a.agree(&b), level, "{} {}", a.mailbox(), b.mailbox());
            assert_eq!(b.agree(&a), level);
        }
    }
}
