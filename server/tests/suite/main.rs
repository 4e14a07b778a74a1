//! Tests of the server against its real parts: databases, sandboxes, the whole application.

mod store;
