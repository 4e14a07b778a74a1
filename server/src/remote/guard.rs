//! Which addresses may be called. Vendor addresses are typed by people: they must not reach what only this machine can.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Checks an address as configuration and again before every call. Names are resolved, and the answer checked, when they
/// are called; with `allow_private` only the shape is checked.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn check_url(url: &str, allow_private: bool) -> Result<(), String> {
    let parsed = Url::parse(url).map_err(|e| format!("not an address: {e}"))?;
    match parsed.scheme() {
        "https" => {}
        "http" if allow_private => {}
        "http" => return Err("must be https (ASSAY_ALLOW_PRIVATE_REMOTES permits http)".to_owned()),
        other => return Err(format!("must be https, not {other}")),
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("must not contain a user name or password".to_owned());
    }
    let host = parsed.host_str().filter(|h| !h.is_empty()).ok_or("has no host")?;
    if allow_private {
        return Ok(());
    }
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(ip) => check_ip(ip).map_err(|r| r.to_string()),
        Err(_) => check_name(host),
    }
}

/// Names that mean a private address before anybody resolves them.
fn check_name(host: &str) -> Result<(), String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let private = ["localhost", "local", "internal", "localdomain", "lan", "intranet", "home.arpa"];
    let is_private = |p: &str| host.strip_suffix(p).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if !host.contains('.') || private.into_iter().any(is_private) {
        return Err("must be a public host name (ASSAY_ALLOW_PRIVATE_REMOTES permits private ones)".to_owned());
    }
    Ok(())
}

/// An address that must not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused(IpAddr);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a public address (ASSAY_ALLOW_PRIVATE_REMOTES permits private ones)", self.0)
    }
}

impl Error for Refused {}

pub(super) fn check_ip(ip: IpAddr) -> Result<(), Refused> {
    let public = match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    };
    if public { Ok(()) } else { Err(Refused(ip)) }
}

/// IANA's registry of special-purpose IPv4 addresses, and the address of Azure's host.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match a {
        0 | 10 | 127 | 224.. => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => b == 168 || (b == 0 && matches!(c, 0 | 2)) || (b == 88 && c == 99),
        198 => matches!(b, 18 | 19) || (b == 51 && c == 100),
        203 => b == 0 && c == 113,
        _ => ip == Ipv4Addr::new(168, 63, 129, 16),
    };
    !special
}

/// Global unicast without its special parts; an address that carries an IPv4 address is as public as that one.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (s0, s1, s2, s3, s4, s5) {
        // Mapped, and the translated form of RFC 2765.
        (0, 0, 0, 0, 0, 0xffff) | (0, 0, 0, 0, 0xffff, 0) => v4(s6, s7),
        // NAT64, RFC 6052.
        (0x64, 0xff9b, 0, 0, 0, 0) => v4(s6, s7),
        // 6to4, RFC 3056.
        (0x2002, ..) => v4(s1, s2),
        // Protocol assignments (Teredo among them), documentation.
        (0x2001, ..) => s1 >= 0x0200 && s1 != 0x0db8,
        (0x3fff, ..) => s1 >= 0x1000,
        _ => s0 & 0xe000 == 0x2000,
    }
}

/// Resolves names and refuses those with an address that is not public. The connection is made to what was checked, so
/// a second answer of the name server changes nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            for address in &found {
                check_ip(address.ip())?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_inside_are_refused_in_every_spelling() {
        let refused = [
            "http://api.lever.co/v1",
            "ftp://api.lever.co/",
            "file:///etc/passwd",
            "gopher://127.0.0.1:6379/",
            "data:text/plain,x",
            "javascript:alert(1)",
            "//api.lever.co/v1",
            "/v1",
            "",
            "https://",
            "https://user@vendor.example/",
            "https://user:secret@vendor.example/",
            "https://vendor.example@127.0.0.1/",
            "https://localhost/",
            "https://LOCALHOST/",
            "https://localhost./",
            "https://x.localhost/",
            "https://printer.local/",
            "https://metadata.google.internal/computeMetadata/v1/",
            "https://intranet/",
            "https://127.0.0.1/",
            "https://127.0.0.1./",
            "https://127.1/",
            "https://127.0.1/",
            "https://0x7f.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://①②⑦.⓪.⓪.①/",
            "https://127。0。0。1/",
            "https://127.0.0.1%2f@vendor.example/",
            "https://%31%32%37.0.0.1/",
            "https://0/",
            "https://0.0.0.0/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://172.31.255.255/",
            "https://192.168.0.1/",
            "https://100.64.0.1/",
            "https://100.100.100.200/latest/meta-data/",
            "https://169.254.169.254/latest/meta-data/",
            "https://0xa9fea9fe/",
            "https://2852039166/",
            "https://168.63.129.16/",
            "https://192.0.0.192/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://240.0.0.1/",
            "https://255.255.255.255/",
            "https://[::]/",
            "https://[::1]/",
            "https://[::127.0.0.1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://[::ffff:0:10.0.0.1]/",
            "https://[64:ff9b::10.0.0.1]/",
            "https://[64:ff9b:1::808:808]/",
            "https://[2002:7f00:1::]/",
            "https://[2002:c0a8:101::1]/",
            "https://[2001:0:7f00:1::]/",
            "https://[2001:db8::1]/",
            "https://[fe80::1]/",
            "https://[fec0::1]/",
            "https://[fc00::1]/",
            "https://[fd00:ec2::254]/latest/meta-data/",
            "https://[ff02::1]/",
            "https://[100::1]/",
        ];
        for url in refused {
            assert!(check_url(url, false).is_err(), "{url}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        let passes = [
            "https://api.lever.co/v1",
            "https://api.sandbox.lever.co:8443/v1",
            "https://vendor.example/list?tenant=7",
            "https://local.vendor.example/",
            "https://8.8.8.8/",
            "https://100.128.0.1/",
            "https://172.32.0.1/",
            "https://[2606:4700::1111]/",
            "https://[2001:4860:4860::8888]/",
            "https://[64:ff9b::8.8.8.8]/",
            "https://[2002:808:808::1]/",
            "https://[::ffff:8.8.8.8]/",
        ];
        for url in passes {
            assert_eq!(check_url(url, false), Ok(()), "{url}");
        }
    }

    #[test]
    fn allowing_private_remotes_allows_http_and_hosts_and_nothing_else() {
        for url in ["http://127.0.0.1:9001/v1", "http://localhost/", "https://10.0.0.1/", "http://lever:80/v1"] {
            assert_eq!(check_url(url, true), Ok(()), "{url}");
        }
        for url in ["ftp://127.0.0.1/", "file:///etc/passwd", "http://user@127.0.0.1/", "v1"] {
            assert!(check_url(url, true).is_err(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_resolves_inside_is_refused() {
        let error = PublicOnly.resolve("localhost".parse().unwrap()).await.err().expect("localhost is never public");
        assert!(error.downcast_ref::<Refused>().is_some(), "{error}");
    }
}
