//! Statements about many rows with bound values. A statement exists in a few sizes only, so that connections keep all of them
//! prepared; a list is written in portions of these sizes. Half the work of one JSON parameter, where it counts.

use std::sync::OnceLock;

use domain::ports::store::Stored;
use sqlx::query::Query;

use super::errors::store;
use super::{Conn, Db, dialect};

/// Rows of a statement, the largest first. Each statement is a turn of the connection's thread, and two of these make any number
/// up to 71.
const SIZES: [usize; 16] = [128, 64, 56, 48, 40, 32, 24, 16, 8, 7, 6, 5, 4, 3, 2, 1];

type Arguments = <Db as sqlx::Database>::Arguments;
/// A statement that is being given its values.
pub(super) type Binding<'q> = Query<'q, Db, Arguments>;

/// `head VALUES (…), (…) tail`.
pub(super) struct Many {
    head: &'static str,
    columns: usize,
    /// What ends every row after its values.
    constants: &'static str,
    tail: &'static str,
    texts: [OnceLock<String>; SIZES.len()],
}

impl Many {
    /// A statement with this many values a row.
    pub(super) const fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self::with_constants(head, columns, "", tail)
    }

    /// The same; the columns after those with values are `constants` in every row: `, 0, FALSE`.
    pub(super) const fn with_constants(
        head: &'static str,
        columns: usize,
        constants: &'static str,
        tail: &'static str,
    ) -> Self {
        Self { head, columns, constants, tail, texts: [const { OnceLock::new() }; SIZES.len()] }
    }

    fn text(&'static self, size: usize) -> &'static str {
        self.texts[size].get_or_init(|| {
            let mut text = format!("{} VALUES ", self.head);
            for row in 0..SIZES[size] {
                text.push_str(if row == 0 { "(" } else { ", (" });
                for column in 1..=self.columns {
                    let comma = if column == 1 { "" } else { ", " };
                    text.push_str(comma);
                    text.push_str(&dialect::placeholder(row * self.columns + column));
                }
                text.push_str(self.constants);
                text.push(')');
            }
            text + self.tail
        })
    }

    /// The rows in portions, each with its statement.
    fn portions<'r, T>(&'static self, mut rows: &'r [T]) -> impl Iterator<Item = (&'static str, &'r [T])> {
        std::iter::from_fn(move || {
            let size = SIZES.iter().position(|&size| size <= rows.len())?;
            let (portion, rest) = rows.split_at(SIZES[size]);
            rows = rest;
            Some((self.text(size), portion))
        })
    }

    /// Inserts; returns how many rows were written.
    pub(super) async fn execute<'q, T>(
        &'static self,
        conn: &mut Conn,
        rows: &'q [T],
        bind: impl Fn(Binding<'q>, &'q T) -> Binding<'q>,
    ) -> Stored<u64> {
        let mut written = 0;
        for (text, portion) in self.portions(rows) {
            let query = portion.iter().fold(sqlx::query(text), &bind);
            written += query.execute(&mut *conn).await.map_err(store)?.rows_affected();
        }
        Ok(written)
    }

    /// Writes; returns what the statement's `RETURNING` names.
    pub(super) async fn returned<'q, T, R>(
        &'static self,
        conn: &mut Conn,
        rows: &'q [T],
        bind: impl Fn(Binding<'q>, &'q T) -> Binding<'q>,
    ) -> Stored<Vec<R>>
    where
        R: for<'r> sqlx::FromRow<'r, <Db as sqlx::Database>::Row>,
    {
        let mut returned = Vec::new();
        for (text, portion) in self.portions(rows) {
            let query = portion.iter().fold(sqlx::query(text), &bind);
            for row in query.fetch_all(&mut *conn).await.map_err(store)? {
                returned.push(R::from_row(&row).map_err(store)?);
            }
        }
        Ok(returned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_inserted_in_portions_of_known_sizes() {
        static MANY: Many = Many::new("INSERT INTO t (a, b)", 2, " RETURNING a");
        let rows = vec![0; 128 + 128 + 32 + 1];
        let sizes: Vec<usize> = MANY.portions(&rows).map(|(_, portion)| portion.len()).collect();
        assert_eq!(sizes, [128, 128, 32, 1]);
        let [one, two, three, four] = [1, 2, 3, 4].map(dialect::placeholder);
        assert_eq!(MANY.text(15), format!("INSERT INTO t (a, b) VALUES ({one}, {two}) RETURNING a"));
        assert!(MANY.text(14).ends_with(&format!(" VALUES ({one}, {two}), ({three}, {four}) RETURNING a")));
        static WITH: Many = Many::with_constants("INSERT INTO t (a, b)", 1, ", 'x'", "");
        assert_eq!(WITH.text(14), format!("INSERT INTO t (a, b) VALUES ({one}, 'x'), ({two}, 'x')"));
    }
}
