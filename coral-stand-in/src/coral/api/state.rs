//! The state of handlers.

use std::sync::Arc;

use super::cookies::LoginCookies;
use crate::coral::context::ServerContext;
use crate::coral::session::{Namespaces, Scripts};

pub(in crate::coral) struct Api {
    pub(in crate::coral) context: Arc<ServerContext>,
    pub(in crate::coral) namespaces: Arc<Namespaces>,
    pub(super) cookies: LoginCookies,
}

impl Api {
    pub(in crate::coral) fn new(context: Arc<ServerContext>, scripts: Scripts) -> Arc<Self> {
        let namespaces = Arc::new(Namespaces::new(context.clone(), scripts));
        Arc::new(Self { context, namespaces, cookies: LoginCookies::default() })
    }
}
