//! A throw-away PostgreSQL: own folder, own port, gone at the end.

use crate::run::{self, Result};
use std::fmt::Write as _;
use std::fs::{self, File, Permissions};
use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The variable under which tests and benchmarks find the server: a `postgres://` URL of a superuser.
pub const URL_VARIABLE: &str = "ASSAY_TEST_POSTGRES_URL";

const START_LIMIT: Duration = Duration::from_secs(60);
const FOLDER_PREFIX: &str = "assay-postgres-";

/// Whether a commit has to reach the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Quick, for tests: a crash of the machine may lose everything.
    Off,
    /// As in production, for honest benchmarks.
    On,
}

/// A running server. Dropping it stops the server and removes its folder.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    cluster: Cluster,
    url: String,
}

/// Where the database server comes from.
#[derive(Debug)]
pub enum Source {
    /// Started here.
    Own(Postgres),
    /// Named by the environment, and left alone.
    Given(String),
}

impl Source {
    /// The URL to hand to tests.
    pub fn url(&self) -> &str {
        match self {
            Self::Own(postgres) => &postgres.url,
            Self::Given(url) => url,
        }
    }
}

/// The server named by the environment, or a fresh one. Installs PostgreSQL where that is possible.
pub fn obtain(durability: Durability) -> Result<Source> {
    if let Ok(url) = std::env::var(URL_VARIABLE)
        && !url.is_empty()
    {
        return Ok(Source::Given(url));
    }
    let programs = match find_programs() {
        Some(programs) => programs,
        None if run::can_apt_install() => {
            run::apt_install("postgresql")?;
            find_programs().ok_or("PostgreSQL was installed but its initdb is not found; add its folder to PATH.")?
        }
        None => {
            return Err(format!(
                "PostgreSQL is not installed. Install it (Debian: apt-get install postgresql) or set {URL_VARIABLE} to \
                 the postgres:// URL of a superuser on a server for tests."
            ));
        }
    };
    Postgres::start(&programs, durability).map(Source::Own)
}

/// Whether this process is root, which PostgreSQL refuses to run as.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0)
}

/// The folder of `initdb`, `postgres` and `pg_ctl`: from `PATH`, else Debian's newest.
fn find_programs() -> Option<PathBuf> {
    let on_path = run::find_program("initdb").and_then(|file| file.parent().map(Path::to_path_buf));
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    on_path.or_else(|| {
        let installed = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(|e| Some(e.ok()?.path()));
        let newest = installed.filter(|f| f.join("bin/initdb").is_file()).max_by_key(version)?;
        Some(newest.join("bin"))
    })
}

/// A cluster's folder and the user that owns it.
#[derive(Debug)]
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// User and group ids, where this process is root and has to become somebody else.
    owner: Option<(u32, u32)>,
}

impl Cluster {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.folder).stdin(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A folder that cannot be removed is swept by the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Postgres {
    fn start(programs: &Path, durability: Durability) -> Result<Self> {
        sweep(programs);
        let owner = if is_root() { Some(unprivileged_user()?) } else { None };
        let folder = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        let cluster = Cluster { programs: programs.to_path_buf(), folder, owner };
        let password = password();
        prepare(&cluster, &password)?;
        let port = free_port()?;
        let server = launch(&cluster, port, durability)?;
        let url = format!("postgres://assay:{password}@127.0.0.1:{port}/postgres");
        let mut postgres = Self { server, cluster, url };
        postgres.wait_until_ready()?;
        println!("PostgreSQL runs on port {port} in {}.", postgres.cluster.folder.display());
        Ok(postgres)
    }

    /// The last line of `postmaster.pid` says how far the server is, as `pg_ctl --wait` reads it.
    #[expect(clippy::disallowed_methods, reason = "a build tool waits for another process")]
    fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        let pid_file = self.cluster.data().join("postmaster.pid");
        loop {
            let state = fs::read_to_string(&pid_file).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            let ended = self.server.try_wait().map_err(|e| format!("PostgreSQL cannot be watched: {e}."))?;
            if ended.is_some() || started.elapsed() > START_LIMIT {
                let log = fs::read_to_string(self.cluster.log()).unwrap_or_default();
                return Err(format!("PostgreSQL did not start; its log says:\n{log}"));
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = self
            .cluster
            .command("pg_ctl")
            .args(["stop", "-s", "-m", "immediate", "-D"])
            .arg(self.cluster.data())
            .status()
            .is_ok_and(|status| status.success());
        if !stopped {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// Makes the folder and the empty cluster in it.
///
/// The socket lies in a folder that only its owner can enter; over TCP a password is asked for, because a superuser
/// of PostgreSQL can run programs as the server's user.
fn prepare(cluster: &Cluster, password: &str) -> Result<()> {
    let folder = &cluster.folder;
    let failed = |e: std::io::Error| format!("{} cannot be prepared: {e}.", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(failed)?;
    let secret = folder.join("password");
    fs::write(&secret, password).map_err(failed)?;
    if let Some((user, group)) = cluster.owner {
        chown(folder, Some(user), Some(group)).map_err(failed)?;
        chown(&secret, Some(user), Some(group)).map_err(failed)?;
    }
    let mut initdb = cluster.command("initdb");
    initdb.args(["--username=assay", "--encoding=UTF8", "--locale=C", "--no-sync"]);
    initdb.args(["--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile"]).arg(&secret);
    run::capture(initdb.arg("-D").arg(cluster.data())).map(|_| ())
}

fn launch(cluster: &Cluster, port: u16, durability: Durability) -> Result<Child> {
    let failed = |e: std::io::Error| format!("PostgreSQL could not be started: {e}.");
    let log = File::create(cluster.log()).map_err(failed)?;
    let mut server = cluster.command("postgres");
    server.arg("-D").arg(cluster.data()).arg("-k").arg(&cluster.folder);
    server.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-c", "max_connections=300"]);
    if durability == Durability::Off {
        server.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
    }
    server.stdout(log.try_clone().map_err(failed)?).stderr(log).spawn().map_err(failed)
}

/// Stops and removes what an interrupted run left behind.
fn sweep(programs: &Path) {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.filter_map(std::result::Result::ok) {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|n| n.strip_prefix(FOLDER_PREFIX)) else { continue };
        let is_ours =
            fs::metadata("/proc/self").and_then(|me| Ok(me.uid() == 0 || me.uid() == entry.metadata()?.uid()));
        if Path::new("/proc").join(pid).exists() || !is_ours.unwrap_or(false) {
            continue;
        }
        let owner = entry.metadata().ok().filter(|_| is_root()).map(|m| (m.uid(), m.gid()));
        let left = Cluster { programs: programs.to_path_buf(), folder: entry.path(), owner };
        let _ = left
            .command("pg_ctl")
            .args(["stop", "-s", "-m", "immediate", "-D"])
            .arg(left.data())
            .stderr(Stdio::null())
            .status();
    }
}

/// The user that a root process lends to PostgreSQL: `postgres`, else `nobody`.
fn unprivileged_user() -> Result<(u32, u32)> {
    let passwd = fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd cannot be read: {e}."))?;
    ["postgres", "nobody"].iter().find_map(|name| ids_of(&passwd, name)).ok_or_else(|| {
        "PostgreSQL does not run as root and there is neither a user postgres nor nobody; run this as another user."
            .to_owned()
    })
}

/// User and group id of one line of `/etc/passwd`.
fn ids_of(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// A free port on loopback, as the system chooses it.
pub fn free_port() -> Result<u16> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("No free port on loopback: {e}."))
}

/// Unguessable enough for a server that lives for minutes on loopback: the standard library's random hash keys.
fn password() -> String {
    (0..2).fold(String::new(), |mut text, n| {
        let _ = write!(text, "{:016x}", RandomState::new().hash_one(n));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_the_named_line_only() {
        let passwd = "root:x:0:0::/root:/bin/sh\npostgres:x:104:110:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(ids_of(passwd, "postgres"), Some((104, 110)));
        assert_eq!(ids_of(passwd, "post"), None);
        assert_eq!(ids_of("broken:x", "broken"), None);
    }

    #[test]
    fn passwords_differ() {
        assert_eq!(password().len(), 32);
        assert_ne!(password(), password());
    }

    #[test]
    fn a_started_server_listens_and_leaves_nothing_behind() {
        let Some(programs) = find_programs() else {
            println!("PostgreSQL is not installed here");
            return;
        };
        let postgres = Postgres::start(&programs, Durability::Off).unwrap();
        let port: u16 = postgres.url.rsplit_once(':').unwrap().1.trim_end_matches("/postgres").parse().unwrap();
        let folder = postgres.cluster.folder.clone();
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(postgres);
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
