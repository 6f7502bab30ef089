//! A stand-in for Everruns.
