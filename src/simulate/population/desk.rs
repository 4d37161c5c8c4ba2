//! Where a member meets a program: what she does becomes an event, and the player plays it.

use crate::engine::fast::Beyond;
use crate::engine::live::Live;
use crate::ledger::{Event, Kind as EventKind, Line, MemberRow};
use crate::mechanics::example::Held;
use crate::value::clock::{Clock, Date, Moment};
use crate::value::exact::Exact;

use super::deeds::{self, Drawn};
use super::draw::Intent;
use super::log::{Doing, Log};
use super::member::Person;
use super::shop::Shop;
use super::stage::Stage;
use super::terms::Act;

/// Rewards that she asks for at one visit before she gives up.
const ASKS_FOR: usize = 3;

/// Where a member meets a program: the player, and events to fill in.
pub(super) struct Desk {
    event: Event,
    held: Vec<(Held, u32)>,
}

impl Desk {
    /// Of a program with this clock.
    pub(super) fn new(clock: &Clock) -> Self {
        let mut event = Event::new("", Moment::MIN, clock, EventKind::Purchase);
        event.lines.push(Line::default());
        Self { event, held: Vec::new() }
    }

    /// An event of this kind, with nothing else said.
    fn bare(&mut self, stage: &Stage<'_>, kind: EventKind, at: f64, id: (&str, usize)) -> &mut Event {
        use std::fmt::Write;
        let event = &mut self.event;
        (event.day, event.at) = stage.calendar.at(at);
        (event.kind, event.reference, event.unit, event.paid_points) = (kind, None, None, None);
        event.coupons.clear();
        event.fields.clear();
        event.id.clear();
        // A text in memory takes what is written.
        let _ = write!(event.id, "{}{}", id.0, id.1);
        event.lines.truncate(1);
        event.lines[0].clone_from(&Line::default());
        event
    }
}

/// What a member does at one time, in a program.
pub(super) struct Visit<'a, 's, 'c> {
    /// Where.
    pub(super) stage: &'a Stage<'s>,
    /// The program.
    pub(super) shop: &'a Shop<'a>,
    /// Events to fill in.
    pub(super) desk: &'a mut Desk,
    /// Who plays her.
    pub(super) player: &'a mut dyn Live,
    /// What is told of her.
    pub(super) log: &'a mut Log<'c>,
    /// When, in days.
    pub(super) at: f64,
    /// With what the ids of its redemptions begin: no other visit has the same with the same number.
    pub(super) asks: [&'static str; 2],
    /// Its number among those.
    pub(super) number: usize,
}

impl Visit<'_, '_, '_> {
    /// She is a member from what she does first on. Nothing but a purchase makes her one by itself; `signs`: she does
    /// something else.
    pub(super) fn begin(&mut self, person: &Person, signs: bool) -> Result<(), Beyond> {
        let first = self.stage.calendar.first();
        let id = format!("m{}", person.number);
        let row = self.row(person);
        match &row {
            Some(row) => self.player.begin(&id, row, first)?,
            None => self.player.begin_unlisted(&id, first)?,
        }
        self.desk.event.member = Some(id);
        if (signs || self.shop.joins) && row.is_none() {
            let event = self.desk.bare(self.stage, EventKind::Join, self.at, ("j", 0));
            self.log.doing = Doing::Waiting;
            self.player.play(event, self.log)?;
        }
        Ok(())
    }

    /// What the members file says of who joins now, where the program asks for anything in it.
    fn row(&self, person: &Person) -> Option<MemberRow> {
        let row = &self.stage.rows[person.kind];
        if row.is_none() && !self.shop.birthdays {
            return None;
        }
        let mut row = MemberRow { joined: Some(self.stage.calendar.at(self.at).0), ..row.clone().unwrap_or_default() };
        if self.shop.birthdays {
            // A leap year, so that every day is somebody's.
            let day = jiff::Span::new().days((person.birthday * 366.0) as i64);
            row.birthday = Some(Date::constant(1988, 1, 1).saturating_add(day));
        }
        Some(row)
    }

    /// She takes a reward and uses gifts, as she is minded; whether she uses what she holds.
    pub(super) fn takes(&mut self, takes: f64, uses: f64) -> Result<bool, Beyond> {
        self.log.doing = Doing::Waiting;
        self.player.upto(self.stage.calendar.at(self.at).0, self.log)?;
        if takes < self.stage.world.redeem {
            self.take_reward()?;
        }
        let uses = uses < self.stage.world.redeem;
        self.desk.held.clear();
        if uses {
            self.desk.held.extend_from_slice(&self.player.stands().held);
            self.use_gifts()?;
        }
        Ok(uses)
    }

    /// The dearest reward that she can pay for; where she may not have it, the next.
    fn take_reward(&mut self) -> Result<(), Beyond> {
        let mut asked = 0;
        for (nth, wish) in self.shop.wishes.iter().enumerate() {
            let at_hand = self.player.stands().spendable.get(wish.unit).copied().unwrap_or(0);
            if at_hand < wish.price {
                continue;
            }
            let id = (self.asks[0], self.number * 64 + nth % 32);
            let event = self.desk.bare(self.stage, EventKind::Redeem, self.at, id);
            event.reference = Some(wish.name.clone());
            (self.log.doing, self.log.refused) = (Doing::Taking, false);
            self.player.play(event, self.log)?;
            asked += 1;
            if !self.log.refused || asked == ASKS_FOR {
                break;
            }
        }
        Ok(())
    }

    /// One of each gift that she holds.
    fn use_gifts(&mut self) -> Result<(), Beyond> {
        for nth in 0..self.desk.held.len() {
            let (Held::Gift(gift), count) = self.desk.held[nth] else { continue };
            if count == 0 {
                continue;
            }
            let gifts = &self.shop.program.gifts;
            let chosen = gifts[gift.0].choose.first().copied().unwrap_or(gift);
            let id = (self.asks[1], self.number * 64 + 32 + nth % 32);
            let event = self.desk.bare(self.stage, EventKind::Redeem, self.at, id);
            event.reference = Some(gifts[chosen.0].name.text.clone());
            self.log.doing = Doing::Taking;
            self.player.play(event, self.log)?;
        }
        Ok(())
    }

    /// The purchase; `uses`: with the coupons that she holds and the points that pay.
    pub(super) fn buy(&mut self, intent: &Intent, amount: i64, uses: bool) -> Result<(), Beyond> {
        let (stage, shop) = (self.stage, self.shop);
        let held = std::mem::take(&mut self.desk.held);
        let event = self.desk.bare(stage, EventKind::Purchase, self.at, ("p", self.number));
        let line = &mut event.lines[0];
        line.amount = Some(Exact::from_scaled(i128::from(amount), stage.minor_units));
        if let Some(wares) = &stage.wares {
            wares.put(line, intent.item);
        }
        let mut paid = 0;
        if uses {
            for (held, _) in held.iter().filter(|(_, count)| *count > 0) {
                if let Held::Coupon(coupon) = held {
                    event.coupons.push(shop.program.coupons[coupon.0].name.text.clone());
                }
            }
            event.coupons.sort();
            let receipt = amount as f64 / 10_f64.powi(i32::try_from(stage.minor_units).unwrap_or(2));
            let stands = self.player.stands();
            let pays = shop
                .units
                .iter()
                .zip(&stands.spendable)
                .find_map(|(unit, at_hand)| Some((unit, unit.till?.takes(*at_hand, receipt)?)));
            if let Some((unit, points)) = pays {
                event.unit = Some(unit.name.clone());
                event.paid_points = Some(Exact::from_scaled(i128::from(points), unit.decimals));
                paid = points;
            }
        }
        self.desk.held = held;
        (self.log.doing, self.log.reduced) = (Doing::Buying(paid), false);
        self.player.play(&self.desk.event, self.log)
    }

    /// A purchase of this number comes back.
    pub(super) fn bring_back(&mut self, number: usize) -> Result<(), Beyond> {
        let event = self.desk.bare(self.stage, EventKind::Return, self.at, ("r", number));
        event.reference = Some(format!("p{number}"));
        self.log.doing = Doing::Returning;
        self.player.play(event, self.log)
    }

    /// She takes a membership, a further term of it, or gives it up.
    pub(super) fn member_of(&mut self, membership: &str, act: Act) -> Result<(), Beyond> {
        let kind = match act {
            Act::Subscribe => EventKind::Subscribe,
            Act::Cancel => EventKind::Cancel,
        };
        let event = self.desk.bare(self.stage, kind, self.at, ("s", self.number));
        event.reference = Some(membership.to_owned());
        self.log.doing = Doing::Subscribing;
        self.player.play(event, self.log)
    }

    /// An activity, or a visit without a purchase: the one at this place of the scenario.
    pub(super) fn act(&mut self, place: usize, drawn: &Drawn) -> Result<(), Beyond> {
        let deed = &self.stage.people.deeds[place];
        let kind = if deed.activity.is_some() { EventKind::Activity } else { EventKind::Visit };
        let event = self.desk.bare(self.stage, kind, self.at, ("d", self.number));
        deeds::fill(event, deed, drawn);
        self.log.doing = Doing::Acting;
        self.player.play(event, self.log)
    }
}
