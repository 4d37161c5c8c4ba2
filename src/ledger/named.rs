//! A few texts by name, as small as can be: there may be millions of rows of them.

use rustc_hash::FxHashSet;
use std::fmt;
use std::sync::Arc;

/// Texts by name, in the order of their names. Rows of one file share the names.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Named(Box<[(Arc<str>, Box<str>)]>);

/// Names that rows share.
#[derive(Debug, Default)]
pub(super) struct Names(FxHashSet<Arc<str>>);

impl Names {
    /// A name, the same piece of memory each time.
    pub(super) fn of(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = Arc::from(name);
        self.0.insert(Arc::clone(&shared));
        shared
    }
}

impl Named {
    /// Of texts and their names; of a name that stands twice, the last counts.
    pub(super) fn of(mut texts: Vec<(Arc<str>, Box<str>)>) -> Self {
        texts.reverse();
        texts.sort_by(|(a, _), (b, _)| a.cmp(b));
        texts.dedup_by(|(a, _), (b, _)| a == b);
        Self(texts.into())
    }

    /// The text of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, text)| text)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (&**name, &**text))
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<N: AsRef<str>, T: AsRef<str>> FromIterator<(N, T)> for Named {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(texts: I) -> Self {
        Self::of(texts.into_iter().map(|(name, text)| (Arc::from(name.as_ref()), Box::from(text.as_ref()))).collect())
    }
}
