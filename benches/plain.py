"""W1, W2 and W3 in plain Python, as a script that somebody would write for this one program; the same facts as
`loyal run` writes.

python3 benches/plain.py w1|w2|w3 EVENTS FACTS [MEMBERS]
"""

import csv
import sys
from collections import defaultdict
from datetime import date
from fractions import Fraction

WEIGHTS = {"tobacco": 0, "gift_card": 0, "produce": 4, "bakery": 4, "household": 3, "pet": 3}
EXCLUDED = {"tobacco", "gift_card"}
FRESH = {"produce", "bakery"}


def cents(text):
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0")) if part else int(whole) * 100


def receipts(path):
    """Purchases: (time, member, [(amount, category)…]); rows of one id stand together, in time order."""
    with open(path, newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        assert header[:8] == ["id", "time", "type", "member", "amount", "qty", "sku", "category"]
        last, time, member, lines = None, "", "", []
        for row in rows:
            if row[0] != last:
                if lines:
                    yield time, member, lines
                last, time, member, lines = row[0], row[1], row[3], []
            lines.append((cents(row[4]), row[7]))
        if lines:
            yield time, member, lines


def write(path, as_of, totals, members):
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["as_of", "member", "what", "value"])
        for what, value in sorted(totals.items()):
            if value:
                out.writerow([as_of, "", what, value])
        for member in sorted(members):
            for what, value in sorted(members[member].items()):
                if value:
                    out.writerow([as_of, member, what, value])


def money(hundredths):
    return hundredths and f"{hundredths // 100}.{hundredths % 100:02}"


def totals_of(points):
    """A point is worth 0.02 RON."""
    owed = money(points * 2)
    return {"total:point:earned": points, "total:point:liability": owed, "total:point:outstanding": points}


def w1(events, facts):
    points = defaultdict(int)
    time = ""
    for time, member, lines in receipts(events):
        points[member] += sum(amount * WEIGHTS.get(category, 2) for amount, category in lines) // 400
    total = sum(points.values())
    members = {member: {"balance:point": sum_, "earned:point": sum_} for member, sum_ in points.items()}
    write(facts, time, totals_of(total), members)


class Spend:
    """What a member spent in the last 365 days."""

    def __init__(self):
        self.purchases, self.first, self.sum = [], 0, 0

    def upto(self, day):
        while self.first < len(self.purchases) and self.purchases[self.first][0] <= day - 365:
            self.sum -= self.purchases[self.first][1]
            self.first += 1
        return self.sum

    def add(self, day, spend):
        self.purchases.append([day, spend])
        self.sum += spend

    def back(self, place, spend):
        if place >= self.first:
            self.sum -= self.purchases[place][1] - spend
        self.purchases[place][1] = spend


def level(spend):
    return 2 if spend >= 200_000 else 1 if spend >= 50_000 else 0


LEVELS = ("basic", "silver", "gold")


def w2(events, facts):
    points, spends = defaultdict(int), defaultdict(Spend)
    days = {}
    time, day = "", 0
    for time, member, lines in receipts(events):
        text = time[:10]
        day = days.get(text)
        if day is None:
            day = days[text] = date.fromisoformat(text).toordinal()
        spend = spends[member]
        rate = 4 + level(spend.upto(day))
        points[member] += sum(amount * WEIGHTS.get(category, 2) for amount, category in lines) * rate // 1600
        spend.add(day, sum(amount for amount, _ in lines))
    total = sum(points.values())
    members = {
        member: {"balance:point": sum_, "earned:point": sum_, "level:status": LEVELS[level(spends[member].upto(day))]}
        for member, sum_ in points.items()
    }
    write(facts, time, totals_of(total), members)


class Purchase:
    """A purchase, what is left of it, and the lot it brought."""

    def __init__(self, day, hour, lines, rate, birthday, today, stack):
        self.day, self.lines, self.rate, self.birthday = day, lines, rate, birthday
        self.evening, self.weekend = 19 <= hour < 22, date.fromordinal(day).weekday() >= 5
        self.today, self.stack = today, stack
        self.points, self.bonus = self.value()
        self.left = self.given = self.points
        self.clawed = self.expired = 0
        self.stamps = self.coffee()
        month = date.fromordinal(day)
        self.ends = month.year * 12 + month.month + 13

    def coffee(self):
        return sum(line[1] for line in self.lines if line[2] == "coffee")

    def spend(self):
        return sum(line[0] for line in self.lines)

    def value(self):
        base = sum(line[0] for line in self.lines if line[2] not in EXCLUDED)
        fresh = sum(line[0] for line in self.lines if line[2] in FRESH) * self.rate * 4
        best = max(
            fresh,
            base * self.rate * 2 if self.evening else 0,
            base * self.rate if self.weekend and self.spend() >= 5000 else 0,
        )
        own = base * self.rate * 4 + (base * 16 if self.birthday else 0)
        one, two = own // 3200, (own + best) // 3200
        bonus = min(two - one, max(60 - self.stack, 0))
        over = max(one + bonus - max(250 - self.today, 0), 0)
        return one + bonus - over, bonus - min(over, bonus)

    def take_back(self, amount, qty, sku, number):
        """What a return names; false: more than is left."""
        lines = [list(line) for line in self.lines]
        if number or sku:
            named = [line for line in lines if (line[4] == number if number else line[3] == sku) and line[:2] != [0, 0]]
            if not named:
                return False
            if amount is not None:
                if amount > sum(line[0] for line in named):
                    return False
                items = qty or 0
                for line in named:
                    part, pieces = min(amount, line[0]), min(items, line[1])
                    amount, items = amount - part, items - pieces
                    shrink(line, part, pieces)
            elif qty:
                if qty > sum(line[1] for line in named):
                    return False
                for line in named:
                    pieces = min(qty, line[1])
                    qty -= pieces
                    shrink(line, Fraction(line[0]) * pieces / line[1], pieces)
            else:
                for line in named:
                    line[0] = line[1] = 0
        elif amount is not None:
            money = sum(line[0] for line in lines)
            if amount > money:
                return False
            for line in lines:
                shrink(line, line[0] * Fraction(amount) / money, 0)
        elif all(line[:2] == [0, 0] for line in lines):
            return False
        else:
            for line in lines:
                line[0] = line[1] = 0
        if not any(line[0] for line in lines):
            for line in lines:
                line[1] = 0
        self.lines = lines
        return True


def shrink(line, part, pieces):
    """A line that still has money still has an item."""
    had = line[0] != 0
    line[0] -= part
    if had and line[0] == 0:
        line[1] = 0
    elif line[1] - pieces > 0 or not had:
        line[1] -= pieces


class Member:
    def __init__(self, birthday):
        self.birthday = birthday
        self.spend, self.lots, self.first = Spend(), [], 0
        self.balance = self.debt = self.earned = self.spent = self.expired = self.clawed = self.written_off = 0
        self.day, self.today, self.stack = 0, 0, 0
        self.stamps, self.gifts, self.full, self.vouchers = 0, [], [], 0
        self.month = 0
        self.rejected = {}

    def upto(self, day, month):
        """What ends by itself until a day begins."""
        if self.month != month:
            self.month = month
            for lot in self.lots[self.first :]:
                if lot.ends > month:
                    break
                self.expired += lot.left
                self.balance -= lot.left
                lot.expired += lot.left
                lot.left = 0
                self.first += 1
        if self.day != day:
            self.day, self.today, self.stack = day, 0, 0

    def take(self, amount):
        self.balance -= amount
        for lot in self.lots[self.first :]:
            part = min(amount, lot.left)
            lot.left -= part
            amount -= part
            if not amount:
                break

    def near_birthday(self, day):
        if not self.birthday:
            return False
        for ahead in range(8):
            on = date.fromordinal(day + ahead)
            born = self.birthday
            if born == (2, 29) and not leap(on.year):
                born = (2, 28)
            if (on.month, on.day) == born:
                return True
        return False

    def purchase(self, day, hour, lines):
        rate = 4 + level(self.spend.upto(day))
        bought = Purchase(day, hour, lines, rate, self.near_birthday(day), self.today, self.stack)
        bought.place = len(self.spend.purchases)
        self.today += bought.points
        self.stack += bought.bonus
        self.earned += bought.points
        self.balance += bought.points
        if bought.points:
            self.lots.append(bought)
        paid = min(self.debt, self.balance)
        if paid:
            self.debt -= paid
            self.take(paid)
        self.spend.add(day, bought.spend())
        self.stamps += bought.stamps
        while self.stamps >= 10:
            self.stamps -= 10
            self.full.append(len(self.gifts))
            self.gifts.append([day + 60, "held"])
        return bought

    def returned(self, bought, day):
        self.spend.upto(day)
        points, bonus = bought.value()
        over = bought.points - points
        amount = min(over, bought.given - bought.clawed - bought.expired)
        if bought.day == day:
            self.today -= over
            self.stack -= bought.bonus - bonus
        bought.points, bought.bonus = points, bonus
        bought.clawed += amount
        self.clawed += amount
        own = min(bought.left, amount)
        bought.left -= own
        self.balance -= own
        others = min(amount - own, self.balance)
        self.take(others)
        debt = min(amount - own - others, 100 - self.debt)
        self.debt += debt
        self.written_off += amount - own - others - debt
        self.spend.back(bought.place, bought.spend())
        coffee = bought.coffee()
        for _ in range(bought.stamps - coffee):
            self.take_stamp(day)
        bought.stamps = coffee

    def take_stamp(self, day):
        gift = self.gifts[self.full[-1]] if self.stamps <= 0 and self.full else None
        if gift is None or gift[1] == "used":
            self.stamps -= 1
        elif gift[1] == "revoked" or gift[0] >= day:
            gift[1] = "revoked"
            self.full.pop()
            self.stamps += 9

    def stood(self, day):
        """Gifts that neither lapsed nor were taken back."""
        return sum(what == "used" or what == "held" and until >= day for until, what in self.gifts)

    def redeem(self, what, day):
        if what == "voucher":
            if self.balance < 100:
                return "not_enough"
            self.take(100)
            self.spent += 100
            self.vouchers += 1
        elif what == "free_coffee":
            held = [gift for gift in self.gifts if gift[1] == "held"]
            usable = [gift for gift in held if gift[0] >= day]
            if not usable:
                return "expired" if held else "not_held"
            usable[0][1] = "used"
        else:
            return "unknown_reward"
        return None


def leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def w3(events, facts, members_file):
    members, bought = {}, {}
    with open(members_file, newline="") as file:
        for row in csv.DictReader(file):
            born = row["birthday"]
            members[row["member"]] = Member((int(born[5:7]), int(born[8:10])) if born else None)
    time, day, month = "", 0, 0

    def one(rows):
        nonlocal time, day, month
        first = rows[0]
        if first[1][:10] != time[:10]:
            today = date.fromisoformat(first[1][:10])
            day, month = today.toordinal(), today.year * 12 + today.month
        time = first[1]
        member = members.setdefault(first[3], Member(None)) if first[2] == "purchase" else members[first[3]]
        member.upto(day, month)
        if first[2] == "purchase":
            lines = [[cents(row[4]), int(row[5] or 1), row[7], row[6], row[10]] for row in rows]
            bought[first[0]] = (member, member.purchase(day, int(time[11:13]), lines))
        elif first[2] == "return":
            owner, purchase = bought.get(first[9], (None, None))
            if owner is not member:
                member.rejected[first[0]] = "unknown_purchase"
            elif not purchase.take_back(
                cents(first[4]) if first[4] else None, int(first[5] or 0), first[6], first[10]
            ):
                member.rejected[first[0]] = "over_returned"
            else:
                member.returned(purchase, day)
        else:
            refused = member.redeem(first[9], day)
            if refused:
                member.rejected[first[0]] = refused

    with open(events, newline="") as file:
        reader = csv.reader(file)
        next(reader)
        rows = []
        for row in reader:
            if rows and rows[0][0] != row[0]:
                one(rows)
                rows = []
            rows.append(row)
        if rows:
            one(rows)
    found = {}
    for name, member in members.items():
        member.upto(day, month)
        held = sum(gift[1] == "held" and gift[0] >= day for gift in member.gifts)
        found[name] = {
            "balance:point": member.balance, "card:coffee": member.stamps, "clawed:point": member.clawed,
            "debt:point": member.debt, "earned:point": member.earned, "expired:point": member.expired,
            "gift:free_coffee": held, "gift:voucher": member.vouchers,
            "level:status": LEVELS[level(member.spend.upto(day))], "spent:point": member.spent,
            "writtenoff:point": member.written_off,
        }  # fmt: skip
        found[name].update({f"rejected:{event}": reason for event, reason in member.rejected.items()})
    total = lambda of: sum(getattr(member, of) for member in members.values())  # noqa: E731
    totals = {
        "total:point:debt": total("debt"), "total:point:earned": total("earned"),
        "total:point:expired": total("expired"), "total:point:outstanding": total("balance"),
        "total:point:spent": total("spent"), "total:point:liability": money(total("balance") * 2),
        "total:free_coffee:cost": money(sum(member.stood(day) for member in members.values()) * 400),
        "total:voucher:cost": money(total("spent") // 100 * 200), "total:voucher:value": money(total("spent") // 100 * 200),
    }  # fmt: skip
    write(facts, time, totals, found)


work, events, facts = sys.argv[1:4]
if work == "w3":
    w3(events, facts, sys.argv[4])
else:
    {"w1": w1, "w2": w2}[work](events, facts)
