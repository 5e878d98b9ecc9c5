//! What is asked of whom.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{HeaderMap, Method, Uri};

use super::LoadError;

/// How long an address may take to say that nobody is there.
const KNOCK: Duration = Duration::from_secs(2);

/// One request, to be sent many times.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) address: SocketAddr,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
}

impl Request {
    /// A request of `url` by `method` with `headers` and `body`.
    ///
    /// Nothing is sent, but the host's name is looked up.
    ///
    /// # Errors
    ///
    /// If the URL, the method or a header is not HTTP's, or the host is another machine and
    /// `is_mine` does not say that the caller may do this to it.
    pub fn new(
        url: &str,
        method: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
        is_mine: bool,
    ) -> Result<Request, LoadError> {
        let wrong = |reason: String| LoadError::Url { url: url.to_owned(), reason };
        let uri: Uri = url.parse().map_err(|error| wrong(format!("{error}")))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                let reason = "only http is spoken; ask the server behind the encryption";
                return Err(wrong(reason.to_owned()));
            }
            _ => return Err(wrong("it begins with http://".to_owned())),
        }
        let host = uri.host().unwrap_or_default().to_owned();
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        let address = look_up(&host, uri.port_u16().unwrap_or(80), is_mine, wrong)?;
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| LoadError::Request(format!("{method:?} is no method of HTTP")))?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let uri: Uri = path.parse().map_err(|error| wrong(format!("{error}")))?;
        let mut all = HeaderMap::new();
        all.insert(USER_AGENT, HeaderValue::from_static("manycore-load"));
        let text = |value: &str| {
            HeaderValue::from_str(value)
                .map_err(|_| LoadError::Request(format!("{value:?} is no value of a header")))
        };
        all.insert(HOST, text(&authority)?);
        all.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        if body.is_empty() {
            all.remove(CONTENT_LENGTH);
        }
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| LoadError::Request(format!("{name:?} is no name of a header")))?;
            all.insert(name, text(value)?);
        }
        Ok(Request { address, uri, method, headers: all, body: Bytes::from(body) })
    }

    pub(super) fn message(&self) -> hyper::Request<Full<Bytes>> {
        let mut message = hyper::Request::new(Full::new(self.body.clone()));
        *message.method_mut() = self.method.clone();
        *message.uri_mut() = self.uri.clone();
        *message.headers_mut() = self.headers.clone();
        message
    }
}

/// The address that answers, of those that the name stands for; the first if none does.
fn look_up(
    host: &str,
    port: u16,
    is_mine: bool,
    wrong: impl Fn(String) -> LoadError,
) -> Result<SocketAddr, LoadError> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = (bare, port).to_socket_addrs().map_err(|error| wrong(error.to_string()))?;
    let addresses: Vec<SocketAddr> = found.collect();
    let foreign = addresses.iter().find(|address| !address.ip().to_canonical().is_loopback());
    if let Some(foreign) = foreign.filter(|_| !is_mine) {
        return Err(LoadError::Foreign { host: host.to_owned(), address: foreign.ip() });
    }
    let first = *addresses.first().ok_or_else(|| wrong("its host has no address".to_owned()))?;
    if addresses.len() == 1 {
        return Ok(first);
    }
    // `localhost` is two addresses, and a server often listens at one of them only.
    let answers = |address: &&SocketAddr| TcpStream::connect_timeout(address, KNOCK).is_ok();
    Ok(addresses.iter().find(answers).copied().unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(url: &str, is_mine: bool) -> Result<Request, LoadError> {
        Request::new(url, "GET", &[], Vec::new(), is_mine)
    }

    #[test]
    fn this_machine_may_be_asked() {
        for url in ["http://127.0.0.1:9/x?y=1", "http://[::1]:9", "http://127.8.8.8/"] {
            assert!(ask(url, false).is_ok(), "{url}");
        }
        let request = ask("http://127.0.0.1:9/x?y=1", false).unwrap();
        assert_eq!(request.message().uri(), "/x?y=1");
        assert_eq!(request.message().headers()[HOST], "127.0.0.1:9");
    }

    #[test]
    fn another_machine_may_be_asked_by_its_owner_only() {
        for url in ["http://192.0.2.1/", "http://0.0.0.0:80/", "http://[::ffff:192.0.2.1]/"] {
            let error = ask(url, false).unwrap_err().to_string();
            assert!(error.contains("--i-own-this-host"), "{error}");
            assert!(ask(url, true).is_ok(), "{url}");
        }
        assert!(ask("http://[::ffff:127.0.0.1]/", false).is_ok());
    }

    #[test]
    fn what_is_no_request_says_why() {
        for (url, says) in [
            ("127.0.0.1:8000", "begins with http://"),
            ("https://127.0.0.1/", "only http is spoken"),
            ("http://", "http://"),
            ("ftp://127.0.0.1/", "begins with http://"),
        ] {
            let error = ask(url, false).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let url = "http://127.0.0.1/";
        let bad = |method: &str, header: (&str, &str)| {
            let header = (header.0.to_owned(), header.1.to_owned());
            Request::new(url, method, &[header], Vec::new(), false).unwrap_err().to_string()
        };
        assert!(bad("GE T", ("a", "b")).contains("no method"));
        assert!(bad("GET", ("a b", "c")).contains("no name of a header"));
        assert!(bad("GET", ("a", "c\n")).contains("no value of a header"));
    }
}
