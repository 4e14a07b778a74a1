//! Tests of the whole server, one module per part.

mod pages;
