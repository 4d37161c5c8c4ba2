//! Under construction.
pub mod analyses;
