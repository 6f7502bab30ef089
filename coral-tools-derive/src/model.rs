//! The model of a tool: the only input of the expansion.

use std::cmp::Ordering;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Expr, LitStr, Type};

use crate::description::Description;
use crate::function::Function;
use crate::settings::ArgKey;

/// A function that is a tool.
pub(crate) struct Tool {
    /// The function, without the attributes that only this macro understands.
    pub(crate) function: Function,
    /// The type that has the function as a method.
    pub(crate) owner: Option<Type>,
    /// The path of the library, `coral_tools`.
    pub(crate) crate_path: TokenStream,
    /// The name for agents.
    pub(crate) name: SpannedName,
    /// The name of the struct of the arguments.
    pub(crate) arguments_type: Ident,
    pub(crate) title: Option<Expr>,
    pub(crate) description: Description,
    pub(crate) hints: Vec<Hint>,
    pub(crate) timeout: Option<std::time::Duration>,
    /// How long the result of a call is kept for its repetitions.
    pub(crate) once: Option<std::time::Duration>,
    /// The key `blocking`, if it is set.
    pub(crate) blocking: Option<Span>,
    /// In the order of the function.
    pub(crate) params: Vec<Param>,
}

/// The type of an `impl` block with tools.
pub(crate) struct Owner {
    pub(crate) ty: Type,
    /// The last part of its path.
    pub(crate) name: Ident,
}

/// An `impl` block with tools.
pub(crate) struct ToolBlock {
    /// The tokens before the items, such as `impl Shop`.
    pub(crate) header: TokenStream,
    /// The attributes in the header.
    pub(crate) attrs: Vec<Attribute>,
    /// Whether the header is one that a block with tools can have.
    pub(crate) is_supported: bool,
    pub(crate) owner: Owner,
    pub(crate) crate_path: TokenStream,
    /// The name of the function that returns the toolset.
    pub(crate) toolset: Ident,
    /// In the order of the block.
    pub(crate) items: Vec<BlockItem>,
}

pub(crate) enum BlockItem {
    Tool(Box<Tool>),
    Other(TokenStream),
}

impl ToolBlock {
    pub(crate) fn tools(&self) -> impl Iterator<Item = &Tool> {
        self.items.iter().filter_map(|item| match item {
            BlockItem::Tool(tool) => Some(&**tool),
            BlockItem::Other(_) => None,
        })
    }
}

/// A name for agents, and the token that it comes from.
pub(crate) struct SpannedName {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A hint of MCP.
pub(crate) struct Hint {
    /// The method of `Definition` that sets it.
    pub(crate) method: Ident,
    pub(crate) value: bool,
}

pub(crate) enum Param {
    /// A value that the agent sends.
    Argument(Box<Argument>),
    /// A value that is made from the call, of this type.
    Context(Box<Type>),
}

/// A parameter whose value the agent sends.
pub(crate) struct Argument {
    /// The name in the function.
    pub(crate) ident: Ident,
    /// The name for agents.
    pub(crate) name: SpannedName,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) description: Description,
    /// The key `flatten`, if it is set.
    pub(crate) flatten: Option<Span>,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) example: Option<Expr>,
    pub(crate) constraints: Vec<Constraint>,
}

/// The value of an argument that the agent does not send.
pub(crate) enum DefaultValue {
    /// `Default::default()` of its type.
    OfType,
    Expr(Expr),
}

/// A constraint of JSON Schema.
pub(crate) struct Constraint {
    pub(crate) key: ArgKey,
    pub(crate) value: ConstraintValue,
    /// The key and the value, for errors.
    pub(crate) tokens: TokenStream,
}

pub(crate) enum ConstraintValue {
    Number(NumberLiteral),
    Count(u64),
    String(LitStr),
    /// A constant expression, whose value the macro does not know.
    Constant(Expr),
    Flag,
    /// The constraints of each item.
    Items(Vec<Constraint>),
}

#[derive(Clone, Copy)]
pub(crate) enum NumberLiteral {
    Int(i128),
    Float(f64),
}

impl Tool {
    /// The parameters that the agent sends.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Argument> {
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

    /// The parameter that is the whole input, if there is one.
    pub(crate) fn flattened(&self) -> Option<&Argument> {
        let is_only_one = self.arguments().count() == 1;
        self.arguments().find(|argument| is_only_one && argument.flatten.is_some())
    }

    pub(crate) fn is_async(&self) -> bool {
        self.function.sig.asyncness.is_some()
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

impl NumberLiteral {
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (a, b) => a.as_f64().partial_cmp(&b.as_f64()),
        }
    }

    pub(crate) fn as_f64(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "only for comparisons")]
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}
