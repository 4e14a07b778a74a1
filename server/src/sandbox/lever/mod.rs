//! The sandbox Lever.
