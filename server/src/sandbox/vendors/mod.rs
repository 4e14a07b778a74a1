//! The sandbox vendors.
