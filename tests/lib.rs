//! Tests of the public API of `coral-tools`: see `integration/`.
