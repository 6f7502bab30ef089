//! The page in a headless Chromium, with the screen of a phone and of a desktop computer.

use coral_stand_in::coral::TestServer;
use coral_tools::WebhookConfig;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::browser::{Browser, ENTER, Screen, TAB};
use super::{App, LONG, server};

/// The contrast that WCAG 2.2 requires of text at level AA.
const MIN_CONTRAST: f64 = 4.5;
const NEWEST_LINE_IS_VISIBLE: &str = "document.querySelector('li:last-child').getBoundingClientRect().bottom
    <= document.getElementById('main').getBoundingClientRect().bottom";
/// The smallest height of a control that is easy to touch.
const MIN_TARGET: f64 = 44.0;

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_on_a_phone() {
    lesson(Screen { width: 360, height: 740, is_phone: true }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_on_a_desktop_computer() {
    lesson(Screen { width: 1280, height: 800, is_phone: false }).await;
}

async fn lesson(screen: Screen) {
    let (server, _results) = server(|builder| builder).await;
    let (url, process) = start("127.0.0.1:0", &server).await;
    Browser::run(screen, async |browser| {
        browser.go_to(&url).await;
        asks_and_reads_answers(browser).await;
        fits(browser, screen).await;
        has_names_for_screen_readers(browser).await;
        has_readable_colors(browser).await;
        survives_a_restart(browser, &url, process, &server).await;
        ends_and_begins_again(browser).await;
    })
    .await;
}

/// The application in a runtime of its own, which can end as a process does.
async fn start(address: &str, server: &TestServer) -> (String, Runtime) {
    let process = Runtime::new().expect("a runtime");
    let listener = TcpListener::bind(address).await.expect("a port");
    let entered = process.enter();
    let webhooks = WebhookConfig::new(server.custom_tool_secret());
    let url = App::start_on(listener, server, webhooks, LONG).url;
    drop(entered);
    (url, process)
}

async fn asks_and_reads_answers(browser: &Browser) {
    browser.wait_until(&shows("prompt", "What would you like to know?")).await;
    browser.wait_until(&status("Connected")).await;
    // The question has the focus, and the button is next.
    browser.press(&format!("life{ENTER}")).await;
    browser.wait_until(&shows("answer", "About life:\n42")).await;
    browser.press(&format!("{}{TAB}", "W".repeat(300))).await;
    browser.press(ENTER).await;
    browser.wait_until(&shows("answer", &format!("About {}:\n42", "W".repeat(300)))).await;
    browser.press("<b>tea</b>").await;
    browser.click("#send").await;
    browser.wait_until(&shows("answer", "About <b>tea</b>:\n42")).await;
    let resources =
        "performance.getEntriesByType('resource').filter((entry) => !entry.name.startsWith(location.origin))";
    assert_eq!(browser.value(resources).await, json!([]), "of other servers");
}

async fn fits(browser: &Browser, screen: Screen) {
    let Screen { width, height, .. } = screen;
    assert_eq!(browser.value("[innerWidth, innerHeight]").await, json!([width, height]));
    let wider = "[document.documentElement, ...document.querySelectorAll('body, body *')].filter((element) =>
        element.scrollWidth > element.clientWidth && getComputedStyle(element).display !== 'inline').map((element) => element.outerHTML)";
    assert_eq!(browser.value(wider).await, json!([]), "wider than the screen");
    let heights = "[...document.querySelectorAll('textarea, button')].filter((element) => element.checkVisibility())
        .map((element) => element.getBoundingClientRect().height)";
    let heights: Vec<f64> = serde_json::from_value(browser.value(heights).await).expect("numbers");
    assert_eq!(heights.len(), 2, "the question and its button");
    assert!(heights.iter().all(|&height| height >= MIN_TARGET), "{heights:?}");
    browser.wait_until(NEWEST_LINE_IS_VISIBLE).await;
}

async fn has_names_for_screen_readers(browser: &Browser) {
    for (selector, role, label) in [
        ("#question", "textbox", "Your question"),
        ("#send", "button", "Ask"),
        ("[role=log]", "log", "Conversation"),
        ("#status", "status", ""),
        ("#problem", "alert", ""),
    ] {
        assert_eq!(browser.role_and_label(selector).await, [role, label], "{selector}");
    }
}

async fn has_readable_colors(browser: &Browser) {
    for colors in ["light", "dark"] {
        browser.prefer(colors).await;
        let texts = browser.value(&format!("({CONTRASTS})()")).await;
        let texts = texts.as_array().expect("a list");
        assert!(texts.len() > 5, "{texts:?}");
        for text in texts {
            assert!(text["contrast"].as_f64() >= Some(MIN_CONTRAST), "{colors}: {text}");
        }
    }
    let background = "getComputedStyle(document.body).backgroundColor";
    let dark = browser.value(background).await;
    browser.prefer("light").await;
    assert_ne!(browser.value(background).await, dark);
}

/// The contrast of each visible text to its background: <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.
const CONTRASTS: &str = "() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = (color) => channels(color).slice(0, 3).map((value) => value / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const background = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return channels(color)[3] === 0 ? background(element.parentElement) : color;
    };
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility() && hasText(element)).map((element) => {
        const [darker, lighter] = [getComputedStyle(element).color, background(element)].map(luminance).sort((a, b) => a - b);
        return { text: element.textContent, contrast: (lighter + 0.05) / (darker + 0.05) };
    });
}";

async fn survives_a_restart(browser: &Browser, url: &str, process: Runtime, server: &TestServer) {
    // Waits until the port is free, which is not possible in an asynchronous function.
    tokio::task::spawn_blocking(|| drop(process)).await.expect("the end");
    browser.wait_until(&status("Connection lost. Reconnecting…")).await;
    browser.click("#question").await;
    browser.press(&format!("death{ENTER}")).await;
    browser.wait_until("document.getElementById('problem').textContent.includes('not sent')").await;
    browser.wait_until(NEWEST_LINE_IS_VISIBLE).await;

    let (_url, process) = start(url.trim_start_matches("http://"), server).await;
    browser.wait_until(&shows("notice", "A new lesson has begun.")).await;
    browser.wait_until(&status("Connected")).await;
    // The question is still there.
    browser.press(ENTER).await;
    browser.wait_until(&shows("answer", "About death:\n42")).await;
    assert_eq!(browser.value("document.getElementById('problem').textContent").await, json!(""));
    // It serves until the test ends.
    std::mem::forget(process);
}

async fn ends_and_begins_again(browser: &Browser) {
    browser.press(&format!("enough?{ENTER}")).await;
    browser.wait_until(&status("The lesson is over")).await;
    browser.wait_until(&shows("notice", "The lesson is over.")).await;
    browser.wait_until(NEWEST_LINE_IS_VISIBLE).await;
    let disabled = "['question', 'send'].every((id) => document.getElementById(id).disabled)";
    assert_eq!(browser.value(disabled).await, Value::Bool(true));
    // The button that begins a lesson has the focus.
    browser.press(ENTER).await;
    browser.wait_until(&status("Connected")).await;
    browser.wait_until(&shows("prompt", "What would you like to know?")).await;
    assert_eq!(browser.value("document.querySelectorAll('li').length").await, json!(1));
}

/// A JavaScript expression: whether there is a line with this text.
fn shows(kind: &str, text: &str) -> String {
    format!("[...document.querySelectorAll('li.{kind} .text')].some((line) => line.textContent === {})", json!(text))
}

fn status(text: &str) -> String {
    format!("document.getElementById('status').textContent === {}", json!(text))
}
