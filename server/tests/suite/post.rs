//! A mail server on loopback that keeps what it is given (RFC 5321, without extensions but 8BITMIME).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail as it was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Head and text, with the dots of transparency taken away.
    pub data: String,
}

impl Mail {
    /// The text, with the soft line breaks of quoted-printable taken away.
    pub fn text(&self) -> String {
        let text = self.data.split_once("\r\n\r\n").map_or("", |(_, text)| text);
        text.replace("=\r\n", "").replace("=3D", "=")
    }
}

/// Takes mail for everyone but `refused@…`.
#[derive(Debug)]
pub struct PostOffice {
    pub address: SocketAddr,
    taken: Arc<Mutex<Vec<Mail>>>,
}

impl PostOffice {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let shelf = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shelf = Arc::clone(&shelf);
                // A client that hangs up in the middle has said nothing.
                tokio::spawn(async move { drop(serve(stream, &shelf).await) });
            }
        });
        Self { address, taken }
    }

    pub fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }
}

/// The path between `<` and `>`.
fn path(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(path, _)| path).to_owned()
}

async fn serve(stream: TcpStream, shelf: &Mutex<Vec<Mail>>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut mail: Option<Mail> = None;
    writer.write_all(b"220 post.test ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), &mut mail) {
            ("EHLO", _) => "250-post.test\r\n250 8BITMIME",
            ("HELO" | "RSET", _) => {
                mail = None;
                "250 post.test"
            }
            ("MAIL", _) => {
                mail = Some(Mail { from: path(&line), ..Mail::default() });
                "250 go on"
            }
            ("RCPT", Some(_)) if path(&line).starts_with("refused@") => "550 no such mailbox",
            ("RCPT", Some(mail)) => {
                mail.to.push(path(&line));
                "250 go on"
            }
            ("DATA", Some(open)) if !open.to.is_empty() => {
                writer.write_all(b"354 end with a dot\r\n").await?;
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    open.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    open.data.push_str("\r\n");
                }
                shelf.lock().unwrap().extend(mail.take());
                "250 taken"
            }
            ("RCPT" | "DATA", _) => "503 not now",
            ("NOOP", _) => "250 yes",
            ("QUIT", _) => return writer.write_all(b"221 bye\r\n").await,
            _ => "500 what?",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
