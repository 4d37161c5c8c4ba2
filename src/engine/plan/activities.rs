//! From the typed tree to the plan: activities.

use super::ActivityPlan;
use super::Summed;
use super::compile::Compiler;
use super::ratios::ceil;
use crate::mechanics::ActivityId;
use crate::mechanics::activity::{Activity, FieldKind};
use crate::text::Span;

impl Compiler<'_> {
    /// What is asked before each activity is accepted.
    pub fn activities(&mut self) -> Vec<ActivityPlan> {
        let program = self.program;
        program.activities.iter().enumerate().map(|(place, block)| self.activity(ActivityId(place), block)).collect()
    }

    fn activity(&mut self, id: ActivityId, block: &Activity) -> ActivityPlan {
        let nobodys = (None, None);
        let mut fields = Vec::new();
        for (place, field) in block.fields.iter().enumerate() {
            match &field.kind {
                FieldKind::Number(_) | FieldKind::OneOf(_) => {
                    fields.push((self.text_of(&field.name.text, block.span), place));
                }
                FieldKind::Text => {}
            }
        }
        let verified = block
            .verified_by
            .as_ref()
            .map(|word| (self.text_of("verified", block.span), self.text_of(word, block.span)));
        let mut at_most = Vec::new();
        for cap in &block.at_most {
            let read = self.read_sum(Summed::Activities(Some(id)), cap.window, nobodys, 1);
            at_most.push((read, self.bound(ceil(&cap.most, 1), cap.span)));
        }
        ActivityPlan {
            fields,
            verified,
            accept: block.accept.as_ref().map(|accept| self.cond(accept, nobodys)),
            at_most,
            at_most_each: block.at_most_each.iter().map(|(field, _)| self.text_of(field, block.span)).collect(),
        }
    }

    /// The place of an event's column among those kept as texts.
    pub fn text_of(&mut self, name: &str, span: Span) -> usize {
        self.needs.event_text(name).unwrap_or_else(|| {
            self.give_up(span, "a column that is not read as it is written");
            0
        })
    }
}
