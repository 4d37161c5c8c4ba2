//! The third workload: levels, caps by the day, lots that end, redemptions, returns valued again, a punch card.

use crate::back::{Ids, Left};
use crate::facts::{Facts, Rejected, rejected};
use crate::model::*;
use crate::table::prefetch;
use crate::work::Work;
use std::collections::HashMap;
use std::io;

const NOWHERE: u32 = u32::MAX;
const LEVELS: [(i64, u64, &str); 3] = [(0, 4, "basic"), (50_000, 5, "silver"), (200_000, 6, "gold")];
const STACK_CAP: u32 = 60;
const DAY_CAP: u32 = 250;
const OWE: u32 = 100;
const PRICE: u32 = 100;
/// What a voucher and a free coffee cost, in hundredths.
const VOUCHER: i64 = 200;
const COFFEE: i64 = 400;
const FULL_CARD: i32 = 10;
const GIFT_DAYS: u16 = 60;

/// What is kept of a member: one cache line.
#[derive(Clone, Copy)]
struct Member {
    key: u64,
    /// Hundredths in the window.
    spend: i64,
    /// The first lot that may hold something, and the last one.
    first: u32,
    last: u32,
    balance: u32,
    debt: u32,
    earned: u32,
    spent: u32,
    expired: u32,
    clawed: u32,
    written_off: u32,
    /// Earned on `day`, in all and by the stack.
    today: u32,
    stack: u32,
    day: u16,
    /// Month and day of birth.
    birthday: u16,
    vouchers: u32,
    stamps: i32,
}

/// A purchase: what a return must know, and the lot it brought.
#[derive(Clone, Copy)]
struct Bought {
    member: u32,
    /// The member's next lot.
    next: u32,
    spend: u32,
    left: u32,
    points: u32,
    bonus: u32,
    given: u32,
    clawed: u32,
    expired: u32,
    first: u32,
    /// What the day had brought before it.
    today: u32,
    stack: u32,
    lines: u16,
    day: u16,
    /// Months since year 0.
    month: u16,
    stamps: u16,
    level: u8,
    evening: bool,
    weekend: bool,
    birthday: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Gift {
    Held,
    Used,
    Revoked,
}

/// Gifts of full cards, in order; reopened ones are no more.
#[derive(Default)]
struct Cards {
    gifts: Vec<(u16, Gift)>,
    full: Vec<usize>,
}

pub struct All {
    members: Vec<Member>,
    cards: HashMap<u32, Cards>,
    rejected: Vec<Rejected>,
    ids: Ids,
    bought: Vec<Bought>,
    lines: Vec<Line>,
    came_back: HashMap<u32, Left>,
    /// Where the window and the lots that have not ended begin in `bought`.
    window: usize,
    lots: usize,
    day: u16,
    month: u16,
    weekend: bool,
    /// Days of birth that lie within seven days, by month and day.
    birthdays: [bool; 512],
}

/// What a purchase comes to: all points and the stack's share.
struct Worth {
    points: u32,
    bonus: u32,
}

/// The valuation's figures, over a denominator.
fn value<N>(sums: [N; CLASSES], den: N, of: &Bought, from: impl Fn(u64) -> N, to: impl Fn(N) -> u32) -> Worth
where
    N: Copy + Ord + std::ops::Add<Output = N> + std::ops::Mul<Output = N> + std::ops::Div<Output = N>,
{
    let [plain, excluded, fresh, house, coffee] = sums;
    let earning = plain + fresh + house + coffee;
    let all = earning + excluded;
    let rate = from(LEVELS[usize::from(of.level)].1);
    let zero = from(0);
    // In units of 1/3200 point.
    let base = earning * rate * from(4);
    let birthday = if of.birthday { earning * from(16) } else { zero };
    let fresh = fresh * rate * from(4);
    let evening = if of.evening { earning * rate * from(2) } else { zero };
    let weekend = if of.weekend && all >= from(5000) * den { earning * rate } else { zero };
    let best = fresh.max(evening).max(weekend);
    let floor = |units: N| to(units / (from(3200) * den));
    let (one, two) = (floor(base + birthday), floor(base + birthday + best));
    let bonus = (two - one).min(STACK_CAP.saturating_sub(of.stack));
    let room = DAY_CAP.saturating_sub(of.today);
    let over = (one + bonus).saturating_sub(room);
    Worth { points: one + bonus - over, bonus: bonus - over.min(bonus) }
}

impl All {
    /// Takes from her lots, soonest to end first.
    fn take(&mut self, place: usize, amount: u32) {
        let mut rest = amount;
        let mut at = self.members[place].first;
        while rest > 0 {
            let lot = &mut self.bought[at as usize];
            let part = rest.min(lot.left);
            lot.left -= part;
            rest -= part;
            if lot.left == 0 && rest > 0 {
                at = lot.next;
            }
        }
        self.members[place].first = at;
        self.members[place].balance -= amount;
    }

    fn purchase(&mut self, place: usize, event: &Event, lines: &[Line]) {
        let member = &mut self.members[place];
        if member.day != event.day {
            (member.day, member.today, member.stack) = (event.day, 0, 0);
        }
        let level = usize::from(member.spend >= LEVELS[1].0) + usize::from(member.spend >= LEVELS[2].0);
        let spend = event.all();
        let mut bought = Bought {
            member: place as u32,
            next: NOWHERE,
            spend,
            left: 0,
            points: 0,
            bonus: 0,
            given: 0,
            clawed: 0,
            expired: 0,
            first: self.lines.len() as u32,
            today: member.today,
            stack: member.stack,
            lines: lines.len() as u16,
            day: event.day,
            month: self.month,
            stamps: event.coffee,
            level: level as u8,
            evening: (19..22).contains(&event.hour),
            weekend: self.weekend,
            birthday: self.birthdays[usize::from(member.birthday)],
        };
        let worth = value(event.sums.map(u64::from), 1, &bought, |n| n, |n| n as u32);
        (bought.points, bought.bonus, bought.given, bought.left) =
            (worth.points, worth.bonus, worth.points, worth.points);
        member.today += worth.points;
        member.stack += worth.bonus;
        member.earned += worth.points;
        member.balance += worth.points;
        member.spend += i64::from(spend);
        let at = self.bought.len() as u32;
        if worth.points > 0 {
            let (empty, last) = (member.balance == worth.points, member.last);
            member.last = at;
            if empty {
                member.first = at;
            } else {
                self.bought[last as usize].next = at;
            }
        }
        self.bought.push(bought);
        self.ids.push(event.id);
        self.lines.extend_from_slice(lines);
        if self.members[place].debt > 0 {
            let paid = self.members[place].debt.min(self.members[place].balance);
            self.members[place].debt -= paid;
            self.take(place, paid);
        }
        if event.coffee > 0 {
            let member = &mut self.members[place];
            member.stamps += i32::from(event.coffee);
            while member.stamps >= FULL_CARD {
                member.stamps -= FULL_CARD;
                let cards = self.cards.entry(place as u32).or_default();
                cards.full.push(cards.gifts.len());
                cards.gifts.push((event.day + GIFT_DAYS, Gift::Held));
            }
        }
    }

    fn returned(&mut self, place: usize, event: &Event, row: &Line) -> Result<(), String> {
        let at = self.ids.find(event.reference).filter(|at| self.bought[*at].member as usize == place);
        let Some(at) = at else {
            self.rejected.push((event.member, event.id, "unknown_purchase"));
            return Ok(());
        };
        let bought = self.bought[at];
        let lines = &self.lines[bought.first as usize..][..usize::from(bought.lines)];
        let before = self.came_back.get(&(at as u32));
        let mut left = before.cloned().unwrap_or_else(|| Left::of(lines));
        if !left.take(lines, row) {
            self.rejected.push((event.member, event.id, "over_returned"));
            return Ok(());
        }
        let worth = value(left.sums(lines), left.den, &bought, i128::from, |n| n as u32);
        let (spend, coffee) = (left.spend()?, left.coffee(lines));
        self.came_back.insert(at as u32, left);
        self.claw(place, at, worth, event.day)?;
        let bought = &mut self.bought[at];
        let member = &mut self.members[place];
        if at >= self.window {
            member.spend -= i64::from(bought.spend - spend);
        }
        bought.spend = spend;
        let over = i64::from(bought.stamps) - coffee;
        bought.stamps -= over as u16;
        for _ in 0..over {
            self.take_stamp(place, event.day);
        }
        Ok(())
    }

    /// Takes back what the purchase is worth less: from its own lot, her others, as debt; the rest is written off.
    fn claw(&mut self, place: usize, at: usize, now: Worth, day: u16) -> Result<(), String> {
        let bought = &mut self.bought[at];
        let member = &mut self.members[place];
        let over = bought.points.checked_sub(now.points).ok_or("less is worth more")?;
        let most = bought.given - bought.clawed - bought.expired;
        let amount = over.min(most);
        if bought.day == day && member.day == day {
            // The lots of today have not ended, so that nothing is short.
            member.today -= over;
            member.stack -= bought.bonus - now.bonus;
        }
        (bought.points, bought.bonus) = (now.points, now.bonus);
        bought.clawed += amount;
        member.clawed += amount;
        let own = bought.left.min(amount);
        bought.left -= own;
        member.balance -= own;
        let others = (amount - own).min(member.balance);
        let debt = (amount - own - others).min(OWE.saturating_sub(member.debt));
        member.debt += debt;
        member.written_off += amount - own - others - debt;
        if others > 0 {
            self.take(place, others);
        }
        Ok(())
    }

    fn take_stamp(&mut self, place: usize, day: u16) {
        let member = &mut self.members[place];
        let cards = self.cards.get_mut(&(place as u32));
        let last = cards.filter(|cards| member.stamps <= 0 && !cards.full.is_empty());
        let Some(cards) = last else {
            member.stamps -= 1;
            return;
        };
        let gift = &mut cards.gifts[*cards.full.last().expect("not empty")];
        match gift.1 {
            // Lapsed: nothing is owed.
            Gift::Held if gift.0 < day => {}
            Gift::Held | Gift::Revoked => {
                gift.1 = Gift::Revoked;
                cards.full.pop();
                member.stamps += FULL_CARD - 1;
            }
            Gift::Used => member.stamps -= 1,
        }
    }

    fn redeem(&mut self, place: usize, event: &Event) {
        let member = &mut self.members[place];
        let name = event.reference.to_be_bytes();
        let refused = match &name {
            b"voucher\0" if member.balance >= PRICE => {
                member.spent += PRICE;
                member.vouchers += 1;
                self.take(place, PRICE);
                return;
            }
            b"voucher\0" => "not_enough",
            b"free_cof" => {
                let gifts = self.cards.get_mut(&(place as u32)).map_or(&mut [][..], |cards| &mut cards.gifts[..]);
                let held = gifts.iter_mut().find(|gift| gift.1 == Gift::Held && gift.0 >= event.day);
                if let Some(gift) = held {
                    gift.1 = Gift::Used;
                    return;
                }
                let ended = gifts.iter().any(|gift| gift.1 == Gift::Held);
                if ended { "expired" } else { "not_held" }
            }
            _ => "unknown_reward",
        };
        self.rejected.push((event.member, event.id, refused));
    }
}

impl Work for All {
    const FULL: bool = true;

    fn new() -> Self {
        All {
            members: Vec::new(),
            cards: HashMap::new(),
            rejected: Vec::new(),
            ids: Ids::new(),
            bought: Vec::new(),
            lines: Vec::new(),
            came_back: HashMap::new(),
            window: 0,
            lots: 0,
            day: 0,
            month: 0,
            weekend: false,
            birthdays: [false; 512],
        }
    }

    fn add_member(&mut self, key: u64, birthday: u16) {
        self.members.push(Member {
            key,
            spend: 0,
            first: NOWHERE,
            last: NOWHERE,
            balance: 0,
            debt: 0,
            earned: 0,
            spent: 0,
            expired: 0,
            clawed: 0,
            written_off: 0,
            today: 0,
            stack: 0,
            day: 0,
            birthday,
            vouchers: 0,
            stamps: 0,
        });
    }

    #[inline]
    fn prefetch(&self, place: usize) {
        prefetch(&self.members[place]);
    }

    /// As a day begins: what the window leaves behind, lots that ended, whose birthday is near.
    fn begin_day(&mut self, day: u16) {
        self.day = day;
        self.weekend = matches!(day % 7, 2 | 3);
        while self.window < self.bought.len() && self.bought[self.window].day + 365 <= day {
            if let Some(soon) = self.bought.get(self.window + 16) {
                prefetch(&self.members[soon.member as usize]);
            }
            let bought = self.bought[self.window];
            self.members[bought.member as usize].spend -= i64::from(bought.spend);
            self.window += 1;
        }
        let (year, month, _) = date_of(i64::from(day));
        self.month = (year * 12 + month) as u16;
        while self.lots < self.bought.len() && self.bought[self.lots].month + 13 <= self.month {
            if let Some(soon) = self.bought.get(self.lots + 16) {
                prefetch(&self.members[soon.member as usize]);
            }
            let bought = &mut self.bought[self.lots];
            let member = &mut self.members[bought.member as usize];
            bought.expired += bought.left;
            member.expired += bought.left;
            member.balance -= bought.left;
            bought.left = 0;
            self.lots += 1;
        }
        self.birthdays = [false; 512];
        for ahead in 0..=7 {
            let (year, month, of_month) = date_of(i64::from(day) + ahead);
            self.birthdays[(month * 32 + of_month) as usize] = true;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            if !leap && month == 2 && of_month == 28 {
                self.birthdays[2 * 32 + 29] = true;
            }
        }
        self.birthdays[0] = false;
    }

    #[inline]
    fn event(&mut self, place: usize, event: &Event, lines: &[Line]) -> Result<(), String> {
        match event.kind {
            Kind::Purchase => self.purchase(place, event, lines),
            Kind::Return => lines.iter().try_for_each(|row| self.returned(place, event, row))?,
            Kind::Redeem => self.redeem(place, event),
        }
        Ok(())
    }

    fn facts(bins: Vec<Self>, facts: &mut Facts) -> io::Result<()> {
        let sum = |of: fn(&Member) -> u32| -> i64 {
            bins.iter().flat_map(|bin| &bin.members).map(|member| i64::from(of(member))).sum()
        };
        let day = bins.iter().map(|bin| bin.day).max().unwrap_or(0);
        let stands = |gift: &&(u16, Gift)| gift.1 == Gift::Used || gift.1 == Gift::Held && gift.0 >= day;
        let stood = |cards: &Cards| cards.gifts.iter().filter(stands).count() as i64;
        facts.program();
        let coffees: i64 = bins.iter().flat_map(|bin| bin.cards.values()).map(stood).sum();
        facts.money(b"total:free_coffee:cost", coffees * COFFEE)?;
        facts.number(b"total:point:debt", sum(|member| member.debt))?;
        facts.number(b"total:point:earned", sum(|member| member.earned))?;
        facts.number(b"total:point:expired", sum(|member| member.expired))?;
        facts.money(b"total:point:liability", sum(|member| member.balance) * WORTH)?;
        facts.number(b"total:point:outstanding", sum(|member| member.balance))?;
        facts.number(b"total:point:spent", sum(|member| member.spent))?;
        let vouchers = sum(|member| member.spent) / i64::from(PRICE) * VOUCHER;
        facts.money(b"total:voucher:cost", vouchers)?;
        facts.money(b"total:voucher:value", vouchers)?;
        let mut order: Vec<(u64, u32, u32)> = Vec::new();
        for (bin, all) in bins.iter().enumerate() {
            order.extend(all.members.iter().zip(0..).map(|(member, at)| (member.key, bin as u32, at)));
        }
        order.sort_unstable();
        let mut turned: Vec<Rejected> = bins.iter().flat_map(|bin| bin.rejected.iter().copied()).collect();
        turned.sort_unstable();
        let mut at = 0;
        for (key, bin, place) in order {
            let all = &bins[bin as usize];
            let member = &all.members[place as usize];
            facts.member(key);
            facts.number(b"balance:point", i64::from(member.balance))?;
            facts.number(b"card:coffee", i64::from(member.stamps))?;
            facts.number(b"clawed:point", i64::from(member.clawed))?;
            facts.number(b"debt:point", i64::from(member.debt))?;
            facts.number(b"earned:point", i64::from(member.earned))?;
            facts.number(b"expired:point", i64::from(member.expired))?;
            if let Some(cards) = all.cards.get(&place) {
                let held = cards.gifts.iter().filter(|gift| gift.1 == Gift::Held && gift.0 >= all.day);
                facts.number(b"gift:free_coffee", held.count() as i64)?;
            }
            facts.number(b"gift:voucher", i64::from(member.vouchers))?;
            let level = usize::from(member.spend >= LEVELS[1].0) + usize::from(member.spend >= LEVELS[2].0);
            facts.words(b"level:status", LEVELS[level].2.as_bytes())?;
            facts.rejections(rejected(&turned, &mut at, key))?;
            facts.number(b"spent:point", i64::from(member.spent))?;
            facts.number(b"writtenoff:point", i64::from(member.written_off))?;
        }
        Ok(())
    }
}
