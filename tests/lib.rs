//! What a user of `coral-tools` can see, tested from outside: see `integration/`.
