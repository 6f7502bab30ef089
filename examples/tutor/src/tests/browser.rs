//! A headless Chromium, driven by its WebDriver server: <https://www.w3.org/TR/webdriver2/>.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::process::Stdio;

use futures_util::FutureExt;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Keys without a character.
pub(super) const ENTER: &str = "\u{e007}";
pub(super) const TAB: &str = "\u{e004}";

/// Shorter than the timeout of scripts, which is 30 s.
const MAX_WAIT_MS: u32 = 25_000;

/// The screen of a device, in CSS pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) is_phone: bool,
}

pub(super) struct Browser {
    http: Client,
    driver: String,
    /// The path of the session.
    session: String,
}

impl Browser {
    /// Runs a test in a browser of its own, and closes the browser, also after a panic.
    pub(super) async fn run(screen: Screen, test: impl AsyncFnOnce(&Self)) {
        let (driver, _driver_process) = start_driver().await;
        let capabilities = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options(screen)}}});
        let http = Client::builder().no_proxy().build().expect("a client");
        let created = request(&http, Method::POST, &format!("{driver}/session"), &capabilities).await;
        let session = format!("/session/{}", created["sessionId"].as_str().expect("an id"));
        let browser = Self { http, driver, session };
        let result = AssertUnwindSafe(test(&browser)).catch_unwind().await;
        browser.send(Method::DELETE, "", Value::Null).await;
        result.unwrap_or_else(|panic| resume_unwind(panic));
    }

    pub(super) async fn go_to(&self, url: &str) {
        self.send(Method::POST, "/url", json!({"url": url})).await;
    }

    /// Returns the value of a JavaScript expression.
    pub(super) async fn value(&self, expression: &str) -> Value {
        self.send(Method::POST, "/execute/sync", json!({"script": format!("return {expression}"), "args": []})).await
    }

    /// Waits until a JavaScript expression is true.
    pub(super) async fn wait_until(&self, expression: &str) {
        let script = format!(
            "const [done] = arguments, end = Date.now() + {MAX_WAIT_MS};
            const check = () => {expression} ? done(null) : Date.now() > end ? done(document.body.innerText) : setTimeout(check, 20);
            check()"
        );
        let shown = self.send(Method::POST, "/execute/async", json!({"script": script, "args": []})).await;
        assert_eq!(shown, Value::Null, "waited in vain for {expression}");
    }

    /// Presses keys in the element with the focus.
    pub(super) async fn press(&self, text: &str) {
        let active = self.send(Method::GET, "/element/active", Value::Null).await;
        self.send(Method::POST, &format!("{}/value", path(&active)), json!({"text": text})).await;
    }

    pub(super) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.send(Method::POST, &format!("{element}/click"), json!({})).await;
    }

    /// Returns the role and the name of an element for screen readers.
    pub(super) async fn role_and_label(&self, selector: &str) -> [Value; 2] {
        let element = self.find(selector).await;
        let role = self.send(Method::GET, &format!("{element}/computedrole"), Value::Null).await;
        [role, self.send(Method::GET, &format!("{element}/computedlabel"), Value::Null).await]
    }

    /// Sets the preference of `light` or `dark` colors.
    pub(super) async fn prefer(&self, colors: &str) {
        let parameters = json!({"features": [{"name": "prefers-color-scheme", "value": colors}]});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": parameters});
        self.send(Method::POST, "/goog/cdp/execute", command).await;
    }

    /// Returns the path of an element.
    async fn find(&self, selector: &str) -> String {
        path(&self.send(Method::POST, "/element", json!({"using": "css selector", "value": selector})).await)
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Value {
        request(&self.http, method, &format!("{}{}{path}", self.driver, self.session), &body).await
    }
}

/// Starts the WebDriver server, and returns its URL.
async fn start_driver() -> (String, Child) {
    let command = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).kill_on_drop(true).spawn();
    let mut process = command.expect("`chromedriver` starts: `scripts/test` installs it, on Debian `chromium-driver`");
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await.expect("UTF-8") {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return (format!("http://127.0.0.1:{}", port.trim_end_matches('.')), process);
        }
    }
    panic!("`chromedriver` has ended");
}

fn options(Screen { width, height, is_phone }: Screen) -> Value {
    let metrics = json!({"width": width, "height": height, "pixelRatio": 1, "touch": is_phone, "mobile": is_phone});
    json!({
        // The sandbox does not run as root, and nothing but the application is requested.
        "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        "mobileEmulation": {"deviceMetrics": metrics},
    })
}

/// Returns the path of an element in a response of WebDriver.
fn path(element: &Value) -> String {
    let id = element.as_object().and_then(|element| element.values().next()?.as_str());
    format!("/element/{}", id.unwrap_or_else(|| panic!("not an element: {element}")))
}

async fn request(http: &Client, method: Method, url: &str, body: &Value) -> Value {
    let mut request = http.request(method.clone(), url);
    if method == Method::POST {
        request = request.json(body);
    }
    let response = request.send().await.expect("a response of WebDriver");
    let is_success = response.status().is_success();
    let mut response: Value = response.json().await.expect("JSON");
    assert!(is_success, "{method} {url} {body}: {response}");
    response["value"].take()
}
