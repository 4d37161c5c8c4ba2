//! What the items file says of articles, as lines take it over.

use crate::engine::pile;
use crate::engine::plan::{Keep, NO_CODE, Needs};
use crate::ledger::{Articles, Line};
use rustc_hash::FxHashMap;

/// What an article says of one column that the program looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    pub code: u32,
    pub text: &'a str,
}

/// The items file.
#[derive(Debug)]
pub(super) struct Items<'a> {
    articles: &'a Articles,
    /// The names of its own columns.
    columns: Vec<&'a str>,
    /// By `sku`: a cell for each column of lines that the program looks at.
    cells: FxHashMap<&'a str, Box<[Cell<'a>]>>,
}

impl<'a> Items<'a> {
    pub fn new(articles: &'a Articles, needs: &Needs) -> Self {
        let cells = |sku: &'a str| -> Box<[Cell<'a>]> {
            let cell = |wanted: &crate::engine::plan::Wanted| {
                let text = articles.says(sku, &wanted.name).unwrap_or("");
                let code = match &wanted.keep {
                    Keep::Code(words) => pile::code(words, text),
                    Keep::Text => NO_CODE,
                };
                Cell { code, text }
            };
            needs.line.iter().map(cell).collect()
        };
        Self {
            articles,
            columns: articles.columns().into_iter().collect(),
            cells: articles.skus().map(|sku| (sku, cells(sku))).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The names of its own columns.
    pub fn columns(&self) -> &[&'a str] {
        &self.columns
    }

    /// The cells of an article.
    pub fn of(&self, sku: &str) -> Option<&[Cell<'a>]> {
        self.cells.get(sku).map(AsRef::as_ref)
    }

    /// Category, brand and other columns of the article, where the line does not say them itself.
    pub fn join(&self, line: &mut Line) {
        let Some(sku) = line.sku.as_deref().filter(|sku| self.cells.contains_key(sku)) else { return };
        let says = |column: &str| self.articles.says(sku, column).map(str::to_owned);
        let fields: Vec<(String, String)> = self
            .columns
            .iter()
            .filter(|name| !line.fields.contains_key(**name))
            .filter_map(|name| Some(((*name).to_owned(), says(name)?)))
            .collect();
        let (category, brand) = (says("category"), says("brand"));
        line.category = line.category.take().or(category);
        line.brand = line.brand.take().or(brand);
        line.fields.extend(fields);
    }
}
