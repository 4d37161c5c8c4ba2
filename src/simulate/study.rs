//! What a simulation found, as data: what the terminal, the page, the workbook and JSON show.
//!
//! It holds no sentence: a report says it in the reader's language.

use crate::value::clock::Date;
use serde::Serialize;

/// A figure with its interval: in a replay all three are the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The 5th percentile over worlds.
    pub low: f64,
    /// The median.
    pub mid: f64,
    /// The 95th percentile.
    pub high: f64,
}

impl Estimate {
    /// A figure that is known.
    pub fn known(figure: f64) -> Self {
        Self { low: figure, mid: figure, high: figure }
    }

    /// The median and the percentiles 5 and 95 of what worlds came to, between neighbours in proportion; none of none.
    pub fn of(worlds: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = worlds.iter().copied().filter(|figure| figure.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (sorted.len() - 1) as f64;
            let (below, part) = (place.floor(), place.fract());
            let low = sorted[below as usize];
            low + (sorted[place.ceil() as usize] - low) * part
        };
        (!sorted.is_empty()).then(|| Self { low: at(0.05), mid: at(0.5), high: at(0.95) })
    }

    /// Whether it is known, not estimated.
    pub fn is_known(&self) -> bool {
        self.low == self.high
    }
}

/// All that a simulation found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Study {
    /// Replay or population.
    pub kind: StudyKind,
    /// The money's code: `RON`.
    pub money: String,
    /// Decimals of the money.
    pub decimals: u8,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// People it is about.
    pub members: u64,
    /// How many worlds were drawn; 0 in a replay.
    pub worlds: u32,
    /// The seed of the first.
    pub seed: u64,
    /// One a program, in the order they were named; the first is what the others are compared with.
    pub arms: Vec<Arm>,
    /// Differences of each further arm from the first, member by member.
    pub beside: Vec<Beside>,
    /// What was assumed, for a population.
    pub assumptions: Vec<Assumption>,
    /// What the reader must know before she believes it.
    pub cautions: Vec<Caution>,
}

impl Study {
    /// The study for a reader: where several of its programs have one name, each is called by its file too.
    pub fn told_apart(&self) -> Self {
        let mut told = self.clone();
        for arm in &mut told.arms {
            if self.arms.iter().filter(|other| other.program == arm.program).count() > 1 {
                arm.program = format!("{} ({})", arm.program, arm.file);
            }
        }
        told
    }
}

/// What a study is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyKind {
    /// A real history; nobody changes what she does.
    Replay,
    /// A population that answers.
    Population,
}

/// One program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Arm {
    /// Its name, and the file it was read from as the user named it.
    pub program: String,
    /// The file.
    pub file: String,
    /// The measures that hold of it, in the order to be shown; in JSON an object in that order.
    #[serde(serialize_with = "by_measure")]
    pub measures: Vec<(Measure, Estimate)>,
    /// Each rule, gift, discount, and what it gave and cost; of a replay, they add up to the cost of the arm.
    pub rules: Vec<RuleRow>,
    /// What points were used for: each reward, the till (`points star`), each payout; none in a population.
    pub uses: Vec<RuleRow>,
    /// Month by month.
    pub months: Vec<MonthRow>,
    /// Cuts of members or sales: by tier, segment, store, decile of spend.
    pub cuts: Vec<Cut>,
    /// Outstanding points at the end, by the month in which they end; `None`: never.
    pub aged: Vec<Aged>,
    /// Share of members, 0 to 1, who had their first reward within so many months of joining: 1, 2, …
    pub first_reward: Vec<f64>,
    /// Members by level a year before the end (or at the end of the first month) and at the end: from, to, members. An
    /// empty name: no member then. With several tiers blocks the block's name stands before the level's.
    pub migration: Vec<(String, String, f64)>,
    /// How far the answer (the net gain of the time simulated) moves when one assumption goes from its low to its high end.
    pub tornado: Vec<TornadoBar>,
    /// The program's own objectives.
    pub objectives: Vec<ObjectiveRow>,
    /// What a trial would tell of it; none in a replay, and where no lift that could be believed makes it pay.
    pub trial: Option<Trial>,
}

/// What a trial (a `pilot`) would tell: whether sales rise by as much as the program takes to pay for itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// What has to be told from none: by how many percent sales are higher where the program neither gains nor loses.
    pub lift: f64,
    /// How many members it takes, by its length.
    pub sizes: Vec<TrialSize>,
    /// The place in `sizes` of the shortest for which half of all members are enough, else all of them; none: none is.
    pub shortest: Option<usize>,
    /// What it is worth in a year to be sure before the launch, in money; none where no worlds were drawn.
    pub worth_of_knowing: Option<f64>,
    /// What the shortest trial is worth in a year; none where there is none.
    pub worth_of_trial: Option<f64>,
    /// The program's own pilots.
    pub written: Vec<TrialWritten>,
}

/// How many members a trial takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TrialSize {
    /// Its length.
    pub weeks: u32,
    /// Members in all, half of them without the program.
    pub members: u64,
    /// The same where it is known what each spent in as many weeks before; none where fewer than twice the weeks are
    /// played.
    pub known_before: Option<u64>,
}

/// A `pilot` of a program, as it is written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialWritten {
    /// Its name.
    pub name: String,
    /// Its days.
    pub days: u32,
    /// Members with it; none: nobody knows how many it reaches.
    pub with: Option<u64>,
    /// Members who could have it and are kept back by chance; 0: nobody is.
    pub without: Option<u64>,
    /// The least rise of sales, in percent, that it tells from none; none where that is not known.
    pub tells: Option<f64>,
}

/// Measures as an object: `{"sales": {"low": …}}`.
fn by_measure<S: serde::Serializer>(measures: &[(Measure, Estimate)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(measures.iter().map(|(measure, estimate)| (measure, estimate)))
}

/// A named measure, its formula in `docs/numbers.md`. Every rate, share and lift is in percent: 35 is 35%.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "docs/numbers.md has each")]
pub enum Measure {
    // Money.
    Sales,
    SalesWithout,
    IncrementalSales,
    IncrementalMargin,
    CostAtCost,
    CostAtWorth,
    RunningCost,
    NetGain,
    ReturnOnInvestment,
    /// Percent of more sales at which the program pays for itself.
    BreakEvenLift,
    /// The month, counted from 1, in which what it brought first covers what it cost.
    PaybackMonth,
    /// What one point costs the shop, in money.
    PriceOfPoint,
    CostShareOfSales,
    /// Fees of memberships, less what was given back.
    Fees,
    /// What of them is for days that are over.
    FeesEarned,
    // Points.
    PointsGiven,
    PointsSpent,
    PointsExpired,
    LiabilityFace,
    LiabilityExpected,
    /// IFRS 15: what of the sales is allocated to points.
    AllocatedToPoints,
    /// IFRS 15: what of that became revenue as points were used.
    RecognisedOfPoints,
    /// IFRS 15: what of the sales is deferred at the end.
    ContractLiability,
    RedemptionRate,
    Breakage,
    // Behaviour.
    Members,
    /// Purchases of members of all purchases.
    Adoption,
    ActiveRate,
    RepeatRate,
    PurchaseFrequency,
    AverageBasket,
    ChurnRate,
    EverRewarded,
    MonthsToFirstReward,
    /// What a member is worth over the months played, less what she costs.
    MemberValue,
    /// The same without the program.
    MemberValueWithout,
    BargainHunters,
    DormantWonBack,
    /// Percent of lift that the control group of the scenario could tell from none, four times of five.
    MeasurableLift,
}

/// What a measure is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureUnit {
    /// The study's money.
    Money,
    /// Percent: 35 is 35%.
    Percent,
    /// Whole things: members, points, the number of a month.
    Count,
    /// A mean: purchases of a member, months she waits.
    Mean,
    /// A number with so many decimals: purchases of a member in some weeks, a parameter of a model.
    Places(u8),
}

impl Measure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Measure; 39] = [
        Measure::Sales,
        Measure::SalesWithout,
        Measure::IncrementalSales,
        Measure::IncrementalMargin,
        Measure::CostAtCost,
        Measure::CostAtWorth,
        Measure::RunningCost,
        Measure::NetGain,
        Measure::ReturnOnInvestment,
        Measure::BreakEvenLift,
        Measure::PaybackMonth,
        Measure::PriceOfPoint,
        Measure::CostShareOfSales,
        Measure::Fees,
        Measure::FeesEarned,
        Measure::PointsGiven,
        Measure::PointsSpent,
        Measure::PointsExpired,
        Measure::LiabilityFace,
        Measure::LiabilityExpected,
        Measure::AllocatedToPoints,
        Measure::RecognisedOfPoints,
        Measure::ContractLiability,
        Measure::RedemptionRate,
        Measure::Breakage,
        Measure::Members,
        Measure::Adoption,
        Measure::ActiveRate,
        Measure::RepeatRate,
        Measure::PurchaseFrequency,
        Measure::AverageBasket,
        Measure::ChurnRate,
        Measure::EverRewarded,
        Measure::MonthsToFirstReward,
        Measure::MemberValue,
        Measure::MemberValueWithout,
        Measure::BargainHunters,
        Measure::DormantWonBack,
        Measure::MeasurableLift,
    ];

    /// What it is a number of.
    pub fn unit(self) -> MeasureUnit {
        match self {
            Measure::Sales
            | Measure::SalesWithout
            | Measure::IncrementalSales
            | Measure::IncrementalMargin
            | Measure::CostAtCost
            | Measure::CostAtWorth
            | Measure::RunningCost
            | Measure::Fees
            | Measure::FeesEarned
            | Measure::NetGain
            | Measure::PriceOfPoint
            | Measure::LiabilityFace
            | Measure::LiabilityExpected
            | Measure::AllocatedToPoints
            | Measure::RecognisedOfPoints
            | Measure::ContractLiability
            | Measure::MemberValue
            | Measure::MemberValueWithout
            | Measure::AverageBasket => MeasureUnit::Money,
            Measure::ReturnOnInvestment
            | Measure::BreakEvenLift
            | Measure::CostShareOfSales
            | Measure::RedemptionRate
            | Measure::Breakage
            | Measure::ActiveRate
            | Measure::Adoption
            | Measure::RepeatRate
            | Measure::ChurnRate
            | Measure::EverRewarded
            | Measure::BargainHunters
            | Measure::MeasurableLift => MeasureUnit::Percent,
            Measure::PointsGiven
            | Measure::PointsSpent
            | Measure::PointsExpired
            | Measure::Members
            | Measure::PaybackMonth
            | Measure::DormantWonBack => MeasureUnit::Count,
            Measure::PurchaseFrequency | Measure::MonthsToFirstReward => MeasureUnit::Mean,
        }
    }
}

/// What one rule did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleRow {
    /// Its kind and name as the program writes them: `earn base`.
    pub name: String,
    /// How often it gave something.
    pub times: Estimate,
    /// Points it gave, with their unit; none for what gives no points.
    pub points: Option<(String, Estimate)>,
    /// What that costs at cost: points at what they cost when spent, things at their cost, money off as it is.
    pub cost: Estimate,
    /// The same at worth to the member.
    pub worth: Estimate,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthRow {
    /// Its first day.
    pub month: Date,
    /// Sales.
    pub sales: Estimate,
    /// Sales of the same people without the program; in a replay none.
    pub sales_without: Option<Estimate>,
    /// Cost of what was given and used, at cost.
    pub cost: Estimate,
    /// Points given, spent and expired, at face worth.
    pub given: Estimate,
    /// Spent.
    pub spent: Estimate,
    /// Expired.
    pub expired: Estimate,
    /// What is owed at the end of the month, at face.
    pub liability: Estimate,
    /// The same less what is expected to be never used.
    pub liability_expected: Estimate,
    /// Members who bought.
    pub active: Estimate,
    /// Gain so far: margin brought less cost, since the start; in a replay none.
    pub gain_so_far: Option<Estimate>,
}

/// Members in parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cut {
    /// By what.
    pub by: CutBy,
    /// Part by part, in order.
    pub rows: Vec<CutRow>,
}

/// What a cut is by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CutBy {
    /// Level at the end, of the tiers block of this name.
    Tier(String),
    /// Segments of the program, or groups of the scenario; a member may be in several.
    Segment,
    /// Store of the purchase.
    Store,
    /// Tenths of members by what they spent, the best first.
    Decile,
}

/// One part of a cut.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CutRow {
    /// The level, segment or store as the program or history writes it; of deciles `1` to `10`. Empty: what no such part
    /// has (of a store: what no event brought or an event without one; of levels and deciles: also what nobody has).
    pub name: String,
    /// Members.
    pub members: f64,
    /// Their sales.
    pub sales: Estimate,
    /// What the program gave them, at worth.
    pub given: Estimate,
    /// What it cost, at cost.
    pub cost: Estimate,
    /// What it gained with them: margin brought less cost; in a replay none.
    pub gain: Option<Estimate>,
}

/// Points that end in one month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Aged {
    /// The unit.
    pub unit: String,
    /// The first day of the month; none: they never end.
    pub month: Option<Date>,
    /// How many.
    pub points: f64,
    /// At their worth.
    pub worth: f64,
}

/// One assumption's pull.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TornadoBar {
    /// Which of [`Study::assumptions`].
    pub assumption: usize,
    /// Net gain with it at its low end, all else in the middle.
    pub at_low: f64,
    /// At its high end.
    pub at_high: f64,
}

/// An objective and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectiveRow {
    /// As the program writes it.
    pub text: String,
    /// What it came to, as it is shown; none: not yet known.
    pub came_to: Option<String>,
    /// Whether it is met, 1 or 0; in a population: in how large a share of worlds, 0 to 1.
    pub met: Option<f64>,
}

/// A further program beside the first, over the same people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beside {
    /// Which of [`Study::arms`].
    pub arm: usize,
    /// Members who get more, less, the same of it (at worth).
    pub winners: u64,
    /// Less.
    pub losers: u64,
    /// The same.
    pub same: u64,
    /// Those who win and lose most: member, what the first gives her, what this one does (at worth); at most ten of each.
    pub most: Vec<(String, f64, f64)>,
    /// By decile of spend, the best first: mean difference for a member, at worth.
    pub deciles: Vec<f64>,
    /// Net gain of this one less that of the first; in a replay, cost of the first less that of this one.
    pub gain: Estimate,
}

/// What was assumed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assumption {
    /// As the scenario writes it: `lift near reward`, `margin`.
    pub name: String,
    /// Its low end, as written, in its unit.
    pub low: f64,
    /// Its high end.
    pub high: f64,
    /// `%`, `days`, or the money.
    pub unit: String,
    /// Where it comes from; none: the user's own.
    pub source: Option<String>,
}

/// What a part of a program asks of members before it gives anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// Something of what is bought: a category, a brand.
    Items,
    /// An activity.
    Activities,
    /// A visit.
    Visits,
    /// To join.
    Joining,
    /// To bring a friend.
    Friends,
    /// Something else.
    Other,
}

/// What the reader must know.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each says itself")]
pub enum Caution {
    /// Nobody changes what she does in a replay: cost only.
    NoBehaviourChange,
    /// Events were rejected by the program of this arm.
    Rejected { arm: usize, events: u64 },
    /// Points that pay something have no worth in the program, so they cost nothing here.
    NoWorth { arm: usize, unit: String },
    /// No points of this unit have come to their last day yet, or none was ever used, so nobody knows how many will be: all
    /// are expected to.
    BreakageUnknown { arm: usize, unit: String },
    /// A thing that is given has no cost in the program.
    NoCost { arm: usize, thing: String },
    /// This mechanic of the program is not played in a population.
    NotPlayed { arm: usize, what: String },
    /// These parts of the program gave nobody anything, for what they ask for may not be done here.
    NeverCame { arm: usize, what: Vec<String>, asks: Asks },
    /// A lift was written as one figure.
    OneFigure { assumption: usize },
    /// The sign of the answer hangs on this assumption.
    Decides { assumption: usize },
    /// Few worlds: intervals are rough.
    FewWorlds { worlds: u32 },
    /// Fewer people were played than the scenario has, and the figures scaled up.
    Sampled { played: u64, of: u64 },
}
