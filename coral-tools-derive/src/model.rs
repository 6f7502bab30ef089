//! A tool as allowed: what expansion reads, and all it reads.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Expr, LitStr, Type};

use crate::docs::Text;
use crate::item::Item;

/// A function that is a tool.
pub(crate) struct Tool {
    /// The function, without the attributes that only this macro understands.
    pub(crate) item: Item,
    /// The path of the runtime crate.
    pub(crate) krate: TokenStream,
    /// Its hidden module, by the name that it has in what is generated.
    pub(crate) rt: Ident,
    /// The name that agents call it by, and the token that gave it.
    pub(crate) name: Name,
    /// The type of the arguments.
    pub(crate) arguments: Ident,
    pub(crate) title: Option<LitStr>,
    pub(crate) description: Text,
    pub(crate) hints: Vec<Hint>,
    pub(crate) timeout: Option<std::time::Duration>,
    pub(crate) blocking: Option<Span>,
    /// In the order of the function.
    pub(crate) params: Vec<Param>,
}

pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A hint of MCP's: the method of `Definition`, and the value.
pub(crate) struct Hint {
    pub(crate) method: Ident,
    pub(crate) value: bool,
}

pub(crate) enum Param {
    /// Given by the agent.
    Argument(Box<Argument>),
    /// Made from the call.
    Context(Box<Type>),
}

/// A parameter that the agent gives.
pub(crate) struct Argument {
    /// The name in the function.
    pub(crate) ident: Ident,
    /// The name for the agent.
    pub(crate) name: Name,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) description: Text,
    pub(crate) flatten: Option<Span>,
    pub(crate) default: Option<Default>,
    pub(crate) example: Option<Expr>,
    pub(crate) limits: Vec<Limit>,
}

/// What an argument is when it is left out.
pub(crate) enum Default {
    /// `Default::default()` of its type.
    OfType,
    Expr(Expr),
}

/// A limit of JSON Schema, under the key that gave it.
pub(crate) struct Limit {
    pub(crate) key: Ident,
    pub(crate) bound: Bound,
    /// From the key to the value, to be blamed.
    pub(crate) tokens: TokenStream,
}

pub(crate) enum Bound {
    Number(Number),
    Count(u64),
    Text(LitStr),
    Flag,
}

#[derive(Clone, Copy)]
pub(crate) enum Number {
    Int(i128),
    Float(f64),
}

impl Tool {
    /// The parameters that the agent gives.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &Argument> {
        self.params.iter().filter_map(|param| match param {
            Param::Argument(argument) => Some(&**argument),
            Param::Context(_) => None,
        })
    }

    /// The types of the parameters that are made from the call.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = &Type> {
        self.params.iter().filter_map(|param| match param {
            Param::Context(ty) => Some(&**ty),
            Param::Argument(_) => None,
        })
    }

    /// The parameter that is the whole input, if one is.
    pub(crate) fn whole(&self) -> Option<&Argument> {
        self.visible().find(|argument| argument.flatten.is_some())
    }

    pub(crate) fn is_async(&self) -> bool {
        self.item.sig.asyncness.is_some()
    }
}

impl Param {
    pub(crate) fn ty(&self) -> &Type {
        match self {
            Self::Argument(argument) => &argument.ty,
            Self::Context(ty) => ty,
        }
    }
}

impl Number {
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "compared, not kept")]
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}
