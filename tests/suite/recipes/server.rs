//! A local API of a forge, with the comments of one pull request.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// The token that the API accepts.
pub(super) const TOKEN: &str = "t0ken";
/// The user to whom the token belongs.
const SELF: (&str, i64) = ("github-actions[bot]", 42);

struct State {
    comments: Vec<Value>,
    is_writable: bool,
}

/// The API. Its thread ends with the tests.
pub(super) struct Server {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            comments: Vec::new(),
            is_writable: true,
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &mut shared.lock().unwrap());
            }
        });
        Self { port, state }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Adds a comment of another user.
    pub(super) fn add(&self, login: &str, id: i64, body: &str) {
        self.state.lock().unwrap().add((login, id), body);
    }

    /// Answers requests that write with 403, as for the token of a fork.
    pub(super) fn forbid_writing(&self) {
        self.state.lock().unwrap().is_writable = false;
    }

    /// Returns the texts of all comments.
    pub(super) fn comments(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let comments = state.comments.iter();
        comments
            .map(|comment| comment["body"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl State {
    fn add(&mut self, (login, author): (&str, i64), body: &str) {
        let id = self.comments.len() + 1000;
        self.comments.push(
            json!({"id": id, "user": {"login": login}, "author": {"id": author}, "body": body}),
        );
    }

    /// Returns the status and the body of an answer.
    fn handle(&mut self, method: &str, target: &str, body: &str) -> (u16, Value) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let last = path.rsplit('/').next().unwrap_or_default();
        let text = || {
            let body: Value = serde_json::from_str(body).unwrap();
            body["body"].as_str().unwrap().to_owned()
        };
        match (method, last) {
            ("GET", "user") => (200, json!({"id": SELF.1})),
            ("GET", "comments" | "notes") => {
                let mut parameters = query.split('&');
                let page = parameters.find_map(|part| part.strip_prefix("page="));
                let page: usize = page.unwrap_or("1").parse().unwrap();
                let found = self.comments.iter().skip((page - 1) * 100).take(100);
                (200, found.cloned().collect())
            }
            _ if !self.is_writable => (403, json!({"message": "not accessible"})),
            ("POST", "comments" | "notes") => {
                self.add(SELF, &text());
                (201, json!({}))
            }
            ("PATCH" | "PUT", id) => {
                let id: usize = id.parse().unwrap();
                self.comments[id - 1000]["body"] = text().into();
                (200, json!({}))
            }
            _ => (404, json!({})),
        }
    }
}

/// Answers one request.
fn answer(stream: TcpStream, state: &mut State) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    if reader.read_line(&mut first).is_err() {
        return;
    }
    let (mut length, mut is_known) = (0, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.trim().split_once(": ").unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" | "private-token" => is_known |= value.ends_with(TOKEN),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap_or_default());
    let (status, answer) = if is_known {
        state.handle(method, target, &body)
    } else {
        (401, json!({}))
    };
    let answer = answer.to_string();
    let text = format!(
        "HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
        answer.len()
    );
    let _ = reader.into_inner().write_all(text.as_bytes());
}
