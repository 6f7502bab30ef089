//! Types of `#[context]` parameters.
#![allow(unused)]

use std::sync::Arc;

use coral_tools::{Context, Extension, FromContext, State, ToolError, Toolset, coral_tool, toolset};

struct Db;

#[derive(Clone)]
struct App {
    db: &'static Db,
    rule: Rule,
}

type Rule = Arc<dyn Fn(&str) -> bool + Send + Sync>;

struct Role;

impl FromContext<App> for Vec<Role> {
    async fn from_context(_context: &Context<'_, App>) -> Result<Self, ToolError> {
        Ok(vec![Role])
    }
}

impl FromContext<App> for Option<String> {
    async fn from_context(_context: &Context<'_, App>) -> Result<Self, ToolError> {
        Ok(None)
    }
}

impl coral_tools::FromRef<App> for &'static Db {
    fn from_ref(app: &App) -> Self {
        app.db
    }
}

impl coral_tools::FromRef<App> for Rule {
    fn from_ref(app: &App) -> Self {
        app.rule.clone()
    }
}

/// `'static` references.
#[coral_tool]
async fn keep(#[context] State(db): State<&'static Db>, #[context] Extension(name): Extension<&'static str>) {}

/// Functions that take references.
#[coral_tool]
fn judge(text: String, #[context] State(rule): State<Arc<dyn Fn(&str) -> bool + Send + Sync>>) -> bool {
    rule(&text)
}

/// Functions with an explicit lifetime.
#[coral_tool]
fn judge_again(
    text: String,
    #[context] State(rule): State<Arc<dyn for<'a> Fn(&'a str) -> bool + Send + Sync>>,
) -> bool {
    rule(&text)
}

/// Vectors and options with the application's own `FromContext`.
#[coral_tool]
async fn play(#[context] roles: Vec<Role>, #[context] token: Option<String>) -> usize {
    roles.len()
}

fn main() {
    let tools: Toolset<App> = toolset![keep, judge, judge_again, play];
    assert_eq!(tools.len(), 4);
    assert!(tools.check().is_ok());
}
