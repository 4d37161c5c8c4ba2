//! Where a member stands among all members (section 3, `segment`): `recency`, `frequency`, `monetary`.
//!
//! Ranked are all who are members at that moment and bought in the window, by what lay before it. What others did does
//! not move between two happenings, so the figures of members are kept from one to the next: those who were touched are
//! asked again, and all are as a day begins.

use super::Run;
use super::scene::Scene;
use super::state::{Member, Opening, Position, SeenKind};
use crate::engine::plan::day_number;
use crate::mechanics::Program;
use crate::mechanics::basis::{Basis, Pick, Total};
use crate::mechanics::habit::{RankedBy, Ranking, quintile};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// The figures by which all members are ranked.
#[derive(Debug, Default)]
pub(super) struct Boards {
    rankings: Vec<Ranking>,
    /// Nobody asks yet: what happens is not followed.
    pub paused: bool,
    /// The day they are of.
    day: Option<Date>,
    /// Each member's figures, in the order of the rankings; none where she bought nothing in its window.
    figures: BTreeMap<String, Vec<Option<Exact>>>,
    /// Of each ranking, how many members have each figure.
    counts: Vec<BTreeMap<Exact, usize>>,
    /// Who has to be asked again, and the last happening that touched her.
    stale: BTreeMap<String, Position>,
}

impl Boards {
    /// The rankings that a program asks about.
    pub fn of(program: &Program) -> Self {
        let counts = vec![BTreeMap::new(); program.rankings.len()];
        Self { rankings: program.rankings.clone(), counts, ..Self::default() }
    }

    /// Says that something happens to a member.
    pub fn touch(&mut self, id: &str, position: Position) {
        if self.paused || self.rankings.is_empty() {
            return;
        }
        match self.stale.get_mut(id) {
            Some(last) => *last = position,
            None => drop(self.stale.insert(id.to_owned(), position)),
        }
    }

    /// Takes a member's figures off, and puts others on.
    fn put(&mut self, id: &str, figures: Option<Vec<Option<Exact>>>) {
        for (figure, counts) in self.figures.remove(id).into_iter().flatten().zip(&mut self.counts) {
            let Some(figure) = figure else { continue };
            if let Some(count) = counts.get_mut(&figure) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&figure);
                }
            }
        }
        let Some(figures) = figures else { return };
        for (figure, counts) in figures.iter().zip(&mut self.counts) {
            if let Some(figure) = figure {
                *counts.entry(figure.clone()).or_default() += 1;
            }
        }
        self.figures.insert(id.to_owned(), figures);
    }

    /// Her quintile in each ranking.
    fn quintiles(&self, id: &str) -> Vec<Option<i64>> {
        let Some(figures) = self.figures.get(id) else { return vec![None; self.rankings.len()] };
        let of_one = |(figure, counts): (&Option<Exact>, &BTreeMap<Exact, usize>)| {
            let figure = figure.as_ref()?;
            let below: usize = counts.range(..figure.clone()).map(|(_, count)| count).sum();
            let equal = counts.get(figure).copied()?;
            Some(quintile(2 * below + equal + 1, counts.values().sum()))
        };
        figures.iter().zip(&self.counts).map(of_one).collect()
    }
}

impl<'a> Run<'a> {
    /// Her quintile in each ranking, here and now; none where she is no member, or bought nothing in its window.
    pub(super) fn ranks_of(&self, member: &Member<'a>) -> Vec<Option<i64>> {
        if self.program.rankings.is_empty() || self.boards.borrow().paused {
            return Vec::new();
        }
        let mut boards = self.boards.borrow_mut();
        let here = self.here;
        if boards.day != Some(here.day) {
            *boards =
                Boards { day: Some(here.day), stale: std::mem::take(&mut boards.stale), ..Boards::of(self.program) };
            for (id, member) in &self.members {
                boards.put(id, self.figures_of(member));
            }
        }
        let stale: Vec<String> = boards.stale.keys().cloned().collect();
        for id in stale {
            let figures = self.members.get(&id).and_then(|member| self.figures_of(member));
            boards.put(&id, figures);
        }
        // What the happening under way does counts from the next.
        boards.stale.retain(|_, touched| *touched >= here.position);
        boards.quintiles(&member.id)
    }

    /// By what a member is ranked; none where she is no member.
    fn figures_of(&self, member: &Member<'a>) -> Option<Vec<Option<Exact>>> {
        if !member.is_member(self.here.day) {
            return None;
        }
        let opening = Opening::default();
        let scene = Scene { event: None, ..self.scene_now(member, &[], &opening) };
        Some(self.program.rankings.iter().map(|ranking| scene.ranked_by(ranking)).collect())
    }
}

impl Scene<'_, '_> {
    /// The figure by which the member is ranked; none where she bought nothing in the window.
    fn ranked_by(&self, ranking: &Ranking) -> Option<Exact> {
        let span = self.span(&ranking.window);
        let bought = self.member.seen.iter().filter(|seen| {
            seen.kind == SeenKind::Purchase && seen.counted(self.before) && span.holds(seen.at, seen.day)
        });
        let last = bought.map(|seen| seen.day).max()?;
        Some(match ranking.by {
            RankedBy::Frequency => self.aggregate(&Basis::Purchases(Pick::default()), &span),
            RankedBy::Monetary => self.aggregate(&Basis::Total(Total::default()), &span),
            RankedBy::Recency => Exact::from_int(i64::from(day_number(last))),
        })
    }
}
