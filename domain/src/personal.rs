//! Personal data that cannot be printed by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name, an address, a number of a person. `Debug` hides it and there is no `Display`: showing it is a decision, made by
/// calling [`Personal::reveal`].
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for pages and remotes that are allowed to have it; never for logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Nothing but white space inside.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "[none]" } else { "[personal]" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_does_not_reach_debug_output() {
        assert_eq!(format!("{:?}", Personal::new("Ada Lovelace")), "[personal]");
    }
}
