//! The program: its output, the command that it prints, and its log.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

struct Program {
    child: Child,
    announcement: Vec<String>,
}

impl Program {
    /// Starts the program and reads its announcement.
    #[expect(clippy::zombie_processes, reason = "the program has ended if this panics")]
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_coral-stand-in"))
            .args(arguments)
            .env_remove("CORAL_CUSTOM_TOOL_SECRET")
            .env_remove("CORAL_WEBHOOK_SECRET")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let output = BufReader::new(child.stdout.as_mut().expect("a pipe"));
        let mut announcement = Vec::new();
        for line in output.lines() {
            let line = line.expect("UTF-8");
            if line.starts_with("Ctrl-C") {
                return Self { child, announcement };
            }
            announcement.push(line);
        }
        panic!("the program ended: {announcement:?}");
    }

    fn line(&self, start: &str) -> &str {
        let found = self.announcement.iter().find_map(|line| line.strip_prefix(start));
        found.unwrap_or_else(|| panic!("no `{start}` in {:?}", self.announcement))
    }

    /// Runs the printed command. The last line of the output is the HTTP status.
    fn run_printed_command(&self) -> String {
        let command = format!("{} -w '\n%{{http_code}}'", self.line("Try: "));
        let Output { stdout, stderr, .. } = Command::new("bash").args(["-c", &command]).output().expect("bash");
        String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned()
    }

    /// Stops the program and returns its log.
    fn stop(mut self) -> String {
        self.child.kill().expect("running");
        let mut log = String::new();
        self.child.stderr.as_mut().expect("a pipe").read_to_string(&mut log).expect("UTF-8");
        self.child.wait().expect("ended");
        log
    }
}

#[test]
fn each_platform_prints_a_command_that_works_and_logs_its_request() {
    for (platform, path, status) in [
        ("coral", "/api/v1/registry", "200"),
        ("everruns", "/api/v1/sessions", "201"),
        ("qoder", "/api/v1/cloud/environments", "200"),
    ] {
        let program = Program::start(&[platform, "--port", "0", "--key", "my-key"]);
        assert_eq!(program.line("API key: "), "my-key");
        let output = program.run_printed_command();
        assert!(output.trim_end().ends_with(status), "{platform}: {output}");
        let log = program.stop();
        assert!(log.contains(path) && log.contains(status), "{platform}: {log}");
    }
}

#[test]
fn secrets_are_printed() {
    let program = Program::start(&["coral", "--port", "0", "--custom-tool-secret", "mine", "--server-version", "1.1"]);
    assert_eq!(program.line("custom tool secret: "), "mine");
    assert!(!program.line("webhook secret: ").is_empty());
    assert!(program.announcement[0].ends_with("imitates coral-server 1.1"), "{:?}", program.announcement);
    program.stop();
}

#[test]
fn a_rejection_is_logged_with_its_reason_unless_quiet() {
    for quiet in [false, true] {
        let arguments: &[&str] = if quiet { &["qoder", "--port", "0", "-q"] } else { &["qoder", "--port", "0"] };
        let program = Program::start(arguments);
        let wrong_key = program.line("Try: ").replace("Bearer ", "Bearer not-");
        let status = Command::new("bash").args(["-c", &wrong_key]).stdout(Stdio::null()).status().expect("bash");
        assert!(status.success());
        let log = program.stop();
        assert_eq!(log.contains("rejected a request") && log.contains("reason"), !quiet, "{log}");
        assert!(!quiet || log.is_empty(), "{log}");
    }
}

#[test]
fn a_port_in_use_is_reported_in_one_sentence() {
    let program = Program::start(&["everruns", "--port", "0"]);
    let url = program.announcement[0].split_whitespace().next().expect("a URL").to_owned();
    let port = url.trim_end_matches("/api").rsplit(':').next().expect("a port").to_owned();
    let second = Command::new(env!("CARGO_BIN_EXE_coral-stand-in")).args(["coral", "--port", &port]).output();
    let Output { status, stdout, stderr } = second.expect("the program");
    let message = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!status.success() && stdout.is_empty(), "{message}");
    assert_eq!(
        message,
        format!("coral-stand-in: 127.0.0.1:{port} is in use by another program; choose another `--port`\n")
    );
    program.stop();
}

#[test]
fn empty_keys_and_secrets_are_rejected() {
    for (arguments, variable, name) in [
        (&["everruns", "--key", ""][..], None, "--key"),
        (&["qoder", "--key", " "], None, "--key"),
        (&["coral", "--custom-tool-secret", ""], None, "--custom-tool-secret"),
        (&["coral", "--webhook-secret="], None, "--webhook-secret"),
        (&["coral"], Some("CORAL_WEBHOOK_SECRET"), "CORAL_WEBHOOK_SECRET"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coral-stand-in"));
        command.args(arguments).args(["--port", "0"]).env_remove("CORAL_CUSTOM_TOOL_SECRET");
        let Output { status, stdout, stderr } =
            command.envs(variable.map(|name| (name, ""))).output().expect("the program");
        assert!(!status.success() && stdout.is_empty(), "{arguments:?}");
        let message = format!("coral-stand-in: `{name}` is empty; set a value or leave it out\n");
        assert_eq!(String::from_utf8_lossy(&stderr), message, "{arguments:?}");
    }
}

#[test]
fn an_unknown_version_is_rejected() {
    let output = Command::new(env!("CARGO_BIN_EXE_coral-stand-in")).args(["coral", "--server-version", "2.0"]).output();
    let Output { status, stderr, .. } = output.expect("the program");
    assert!(!status.success() && String::from_utf8_lossy(&stderr).contains("1.2"));
}
