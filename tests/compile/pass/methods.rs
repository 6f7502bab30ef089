//! `impl` blocks with tools under strict lints.
#![deny(missing_docs, unused, unreachable_pub, clippy::all, clippy::pedantic)]

use std::sync::Mutex;

use coral_tools::{Toolset, coral_tools};

mod shop {
    /// A shop.
    #[derive(Debug, Default)]
    pub struct Shop(pub std::sync::Mutex<Vec<String>>);

    /// An argument.
    #[derive(Debug, schemars::JsonSchema, serde::Deserialize)]
    pub struct Article(pub String);
}

#[coral_tools]
impl shop::Shop {
    /// Adds an article.
    #[coral_tools::coral_tool(idempotent)]
    pub async fn add(&self, article: self::shop::Article) -> usize {
        let mut articles = self.0.lock().unwrap();
        articles.push(article.0);
        articles.len()
    }

    /// Returns a copy of the articles.
    #[must_use]
    #[coral_tool]
    fn copy(&self, count: Option<usize>) -> Vec<String> {
        let articles: &Mutex<_> = &self.0;
        articles.lock().unwrap().iter().take(count.unwrap_or(1)).cloned().collect()
    }
}

mod other {
    pub(crate) struct Shop;
    use coral_tools::coral_tools as tools;

    #[tools(crate = ::coral_tools, toolset = all)]
    impl Shop {
        /// Has the name of a method of another `Shop`.
        #[coral_tool]
        fn add(&self) {
            let Self = self;
        }
    }
}

fn main() {
    let tools: Toolset = shop::Shop::toolset(shop::Shop::default());
    assert_eq!((tools.len(), tools.check().is_ok()), (2, true));
    let other: Toolset = other::Shop::all(other::Shop);
    assert!(tools.merge(&other).is_err());
    let ShopAdd { article: shop::Article(_) } = ShopAdd { article: shop::Article(String::new()) };
}
