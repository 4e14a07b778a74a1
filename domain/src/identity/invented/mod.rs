//! Invented people.
