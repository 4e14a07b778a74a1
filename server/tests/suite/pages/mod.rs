//! The pages over the real store, as HTML without client code.

mod access;
mod browser;
mod forms;
mod world;
