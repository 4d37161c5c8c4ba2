//! English.

use super::{Counted, Counting, Heading, NeverCame, Pays, Term, Words};
use crate::simulate::study::Measure;

/// The texts in English.
pub static WORDS: Words = Words {
    title_population: "Does the program pay?",
    title_replay: "What would the program have cost?",
    about_population: "{members} simulated from {from} to {until}, in {worlds}: the same people with other luck, and with assumptions drawn anew from their ranges.",
    about_replay: "{members} as they really bought, from {from} to {until}.",
    answer: "The answer",
    contents: "On this page",
    table: "The figures as a table",
    keys: "With the keyboard: arrow keys read one point after the other.",
    time_runs: "",
    axis_cut: "The axis does not begin at zero.",
    made_by: "Made by loyal {version}, seed {seed}. The same program, scenario and seed give the same report.",
    one_program: "Program {program}",

    one: Pays {
        yes: "Yes: from {from} to {until}, {program} brings {gain} more than it costs.",
        perhaps: "Probably, but not surely: from {from} to {until}, {program} is expected to bring {gain} more than it costs.",
        hardly: "Probably not: from {from} to {until}, {program} is expected to cost {loss} more than it brings.",
        no: "No: from {from} to {until}, {program} costs {loss} more than it brings.",
    },
    several: Pays {
        yes: "Yes: of {programs}, {program} pays best; from {from} to {until} it brings {gain} more than it costs.",
        perhaps: "Probably, but not surely: of {programs}, {program} does best; from {from} to {until} it is expected to bring {gain} more than it costs.",
        hardly: "Probably not: even the best of {programs}, {program}, is expected to cost {loss} more than it brings from {from} to {until}.",
        no: "No: even the best of {programs}, {program}, costs {loss} more than it brings from {from} to {until}.",
    },
    unknown: "Whether {program} pays cannot be said: nothing was found of what it gains from {from} to {until}.",
    sure: "This is fairly sure: in nine of ten worlds the result lies between {low} and {high}{roi}.",
    unsure: "It may turn out the other way: in nine of ten worlds the result lies between {low} and {high}{roi}.",
    known: "All assumptions are single figures, so nothing is said about how sure this is{roi}.",
    roi: ", a return of {low} to {high} on what the program costs",
    decides: "What decides it is {assumption}: at {from} the program comes to {at_from}, at {to} to {at_to}{lift}.",
    decides_little: "What moves it most is {assumption}, between {at_from} at {from} and {at_to} at {to}, without turning the answer around{lift}.",
    from_lift: "; with all other answers as assumed, it pays for itself once members come {percent} oftener",
    from_lift_below: "; with all other answers as assumed, it would pay for itself even if members came {percent} less often",
    decides_nothing: "No assumption was varied, so which of them decides is not known{lift}.",

    cost_one: "From {from} to {until}, {program} would have cost {cost}{share}.",
    cost_several: "From {from} to {until}, {program} would have cost the least of {programs}: {cost}{share}; the dearest is {other} with {dearest}.",
    of_sales: " of sales",
    cost_none: "What {program} would have cost from {from} to {until} is not known.",
    counted: "This is counted on real purchases, not estimated; but nobody buys differently in a replay, so it says what the program costs and not whether it pays.",
    lift_needed: "What decides it is how much more people buy: sales have to rise by {percent} to pay for the program.",
    dearest_rule: "What decides the cost is {rule}: it makes up {share} of it.",
    no_rule: "No rule of the program cost anything.",

    side_by_side: Heading {
        title: "Side by side",
        caption: "Each program's main figures; in brackets the range of nine of ten worlds.",
    },
    gain: Heading {
        title: "Gain so far",
        caption: "What the program has brought less what it has cost since its start. Above zero it has paid for itself; the band holds nine of ten worlds.",
    },
    sales: Heading {
        title: "Sales",
        caption: "Sales of each month with the program, and of the same people without it.",
    },
    liability: Heading {
        title: "What is owed",
        caption: "What members could still claim at the end of each month: all of their points, and the part that is expected to be used.",
    },
    rules: Heading {
        title: "What each rule costs",
        caption: "The cost of what each rule, reward or discount gave. The thin line holds nine of ten worlds.",
    },
    tornado: Heading {
        title: "What moves the answer",
        caption: "The net gain of the time simulated when one assumption goes from its low to its high end and all others stay in the middle; the longest bar matters most.",
    },
    trial: super::trial::EN,
    deciles_gain: Heading {
        title: "With whom it gains",
        caption: "What the program gains or loses with each tenth of members, the biggest spenders first.",
    },
    deciles_given: Heading {
        title: "Who gets how much",
        caption: "What the program gives to each tenth of members, the biggest spenders first.",
    },
    first_reward: Heading {
        title: "The first reward",
        caption: "How many members have had a reward, by months since they joined.",
    },
    migration: Heading { title: "Moves between levels", caption: "How many members moved from one level to another." },
    aged: Heading {
        title: "When points end",
        caption: "Points outstanding at the end, by the month in which they expire, at their worth.",
    },
    by_tier: Heading { title: "By level", caption: "Members, sales and cost by the level at the end." },
    by_segment: Heading {
        title: "By segment",
        caption: "Members, sales and cost by segment; a member may be in several.",
    },
    by_store: Heading { title: "By store", caption: "Members, sales and cost by the store of the purchase." },
    objectives: Heading { title: "Objectives", caption: "What the program is for, and whether it gets there." },
    beside: Heading {
        title: "Winners and losers",
        caption: "How many members get more, less or as much as from the first program, at what it is worth to them.",
    },
    beside_deciles: Heading {
        title: "Winners by spend",
        caption: "How much more or less a member gets than from the first program, by tenths of members, the biggest spenders first.",
    },
    beside_most: Heading {
        title: "Who wins and loses most",
        caption: "The members for whom the two programs differ most, at what they get.",
    },
    measures: Heading {
        title: "All measures",
        caption: "Each measure with the range of nine of ten worlds, and how it is worked out.",
    },
    counting: Counting {
        side_by_side: "Each program's main figures.",
        sales: "Sales of each month.",
        rules: "The cost of what each rule, reward or discount gave.",
        measures: "Each measure, and how it is worked out.",
    },
    months: Heading { title: "Month by month", caption: "All figures of each month." },
    assumptions: Heading {
        title: "Assumptions",
        caption: "What the simulation was told about people. Every value between the two ends is taken to be as likely.",
    },
    cautions: Heading { title: "Before you rely on it", caption: "What this report does not know or leaves out." },

    figure: "Figure",
    low: "Low",
    middle: "Middle",
    high: "High",
    program: "Program",
    measure: "Measure",
    what_it_is: "What it is",
    month: "Month",
    month_number: "Months since joining",
    gain_so_far: "Gain so far",
    with_program: "With the program",
    without_program: "Without it",
    difference: "Difference",
    face: "All points",
    expected: "Expected to be used",
    sales_head: "Sales",
    rule: "Rule",
    times: "Times",
    points: "Points",
    unit: "Unit",
    cost: "Cost",
    worth: "Worth to members",
    assumption: "Assumption",
    from: "From",
    to: "To",
    gain_at_low: "Gain at the low end",
    gain_at_high: "Gain at the high end",
    source: "Source",
    own_figure: "your own figure",
    decile: "Tenth by spend",
    members: "Members",
    given: "Given",
    spent: "Used",
    expired: "Expired",
    active: "Members who bought",
    gain_with_them: "Gain",
    share: "Share",
    level_before: "From level",
    level_after: "To level",
    never: "Never",
    objective: "Objective",
    came_to: "Comes to",
    met: "Met",
    yes: "yes",
    no: "no",
    not_known: "not yet known",
    met_in: "in {percent} of worlds",
    get_more: "Get more",
    get_less: "Get less",
    get_same: "Get the same",
    member: "Member",
    difference_of_gain: "Gain beside the first",
    saved: "Costs less than the first by",
    part: "Part",
    band: "nine of ten worlds",
    days: "days",

    no_behaviour_change: "In a replay nobody changes what she does. It shows what the program gives and costs, not what it brings.",
    rejected: "{program} did not accept {events}. See them with `loyal run --out`.",
    no_worth: "{program} does not say what {unit} are worth, so they cost nothing here. Add `worth` to the points.",
    no_cost: "{program} does not say what {thing} costs, so it costs nothing here. Add `costs`.",
    not_played: "{program} has {what}, which a simulated population does not play. Its cost and effect are missing.",
    never_came: NeverCame {
        items: "{program} never gave these people anything by {what}. Say what they buy (in a scenario `items category …`, beside five figures `items=coffee:60+cake:40`), or its cost and effect are missing.",
        activities: "{program} never gave these people anything by {what}: nobody here does it often enough, or at all. Say in a scenario how often they do (`activity …`), or its cost and effect are missing.",
        visits: "{program} never gave these people anything by {what}: no visit here was enough for it. Say in a scenario how often they come by without buying (`visit …`), or its cost and effect are missing.",
        joining: "{program} never gave these people anything by {what}: nobody here joins by an event. Its cost and effect are missing.",
        friends: "{program} never gave these people anything by {what}: nobody here brings a friend. Its cost and effect are missing.",
        other: "{program} never gave these people anything by {what}: nobody here came to what it asks for. If real members do, its cost and effect are missing.",
    },
    one_figure: "One figure was given for {assumption}. Nobody knows it that well: give a range.",
    decides_sign: "Whether the program pays hangs on {assumption}. Find out more about it before you launch, for instance in a pilot.",
    breakage_unknown: "Nobody knows yet how many {unit} of {program} will lapse: none have come to their last day, or none were ever used in this history. All are expected to be used.",
    few_worlds: "Only {worlds} were drawn, so the ranges are rough. Ask for more with `--seeds`.",
    sampled: "Some of the figures rest on {played} of {of} and are scaled up.",

    tune: super::tune::EN,

    n_months: Counted { one: "{n} month", other: "{n} months", ..NONE },
    n_members: Counted { one: "{n} member", other: "{n} members", ..NONE },
    n_worlds: Counted { one: "{n} world", other: "{n} worlds", ..NONE },
    n_programs: Counted { one: "{n} program", other: "{n} programs", ..NONE },
    n_events: Counted { one: "{n} event", other: "{n} events", ..NONE },

    months_short: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    months_of_day: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    term,
    assumed,
    per: ["a day", "a week", "a month", "a quarter", "a year"],
};

const NONE: Counted = Counted { zero: "", one: "", two: "", few: "", many: "", other: "" };

fn term(measure: Measure) -> Term {
    let (name, says) = match measure {
        Measure::Sales => ("Sales", "what members paid, less returns"),
        Measure::SalesWithout => ("Sales without the program", "what the same people would have paid"),
        Measure::IncrementalSales => ("Additional sales", "{sales} − {sales_without}"),
        Measure::IncrementalMargin => ("Additional margin", "the margin on {incremental_sales}"),
        Measure::CostAtCost => ("Cost of rewards", "what was given and used, at what it costs you"),
        Measure::CostAtWorth => ("Worth of rewards", "the same, at what it is worth to members"),
        Measure::Fees => ("Fees", "what members paid for memberships, less what was given back"),
        Measure::FeesEarned => ("Fees earned", "what of {fees} is for days that are over; the rest is not gained yet"),
        Measure::Adoption => ("Adoption", "purchases of members ÷ all purchases"),
        Measure::RunningCost => ("Cost of running", "what the program costs besides what it gives"),
        Measure::NetGain => ("Net gain", "{incremental_margin} + {fees_earned} − {cost_at_cost} − {running_cost}"),
        Measure::ReturnOnInvestment => ("Return on investment", "{net_gain} ÷ ({cost_at_cost} + {running_cost})"),
        Measure::BreakEvenLift => {
            ("Break-even lift", "how much oftener members must come for {net_gain} to be zero, all else as assumed")
        }
        Measure::PaybackMonth => ("Payback month", "the first month in which the gain so far is above zero"),
        Measure::PriceOfPoint => ("Price of a point", "what the points given cost you ÷ {points_given}"),
        Measure::CostShareOfSales => ("Cost in sales", "{cost_at_cost} ÷ {sales}"),
        Measure::PointsGiven => ("Points given", "points earned, less those taken back by returns"),
        Measure::PointsSpent => ("Points used", "points that members paid with"),
        Measure::PointsExpired => ("Points expired", "points that ended unused"),
        Measure::LiabilityFace => ("Owed, all points", "all outstanding points, at their worth"),
        Measure::LiabilityExpected => {
            ("Owed, expected use", "{liability_face}, less what is expected never to be used")
        }
        Measure::AllocatedToPoints => {
            ("Sales allocated to points (IFRS 15)", "the part of {sales} that pays for the points that came along")
        }
        Measure::RecognisedOfPoints => (
            "Earned with points (IFRS 15)",
            "the part of {allocated_to_points} that became revenue as points were used",
        ),
        Measure::ContractLiability => {
            ("Deferred revenue (IFRS 15)", "the part of sales that is earned only when points are used")
        }
        Measure::RedemptionRate => ("Redemption rate", "{points_spent} ÷ {points_given}"),
        Measure::Breakage => ("Breakage", "{points_expired} ÷ ({points_expired} + {points_spent})"),
        Measure::Members => ("Members", "who takes part"),
        Measure::ActiveRate => ("Active rate", "members who bought or did something ÷ {members}"),
        Measure::RepeatRate => ("Repeat rate", "members who bought again on a later day ÷ members who bought"),
        Measure::PurchaseFrequency => ("Purchases a member", "purchases ÷ members who bought"),
        Measure::AverageBasket => ("Average basket", "{sales} ÷ purchases"),
        Measure::ChurnRate => ("Churn", "members who stopped buying ÷ members who bought before"),
        Measure::EverRewarded => ("Ever rewarded", "members who had at least one reward ÷ {members}"),
        Measure::MonthsToFirstReward => ("Months to the first reward", "from joining, over members who had one"),
        Measure::MemberValue => (
            "Worth of a customer",
            "the discounted margin and fees of each of the people, less what she and the program cost",
        ),
        Measure::MemberValueWithout => {
            ("Worth without the program", "the discounted margin of each of the same people")
        }
        Measure::BargainHunters => {
            ("Bargain hunters", "members with half their money or more at reduced prices ÷ members who bought")
        }
        Measure::DormantWonBack => ("Dormant won back", "members who bought again after a long silence"),
        Measure::MeasurableLift => {
            ("Measurable lift", "the smallest lift that the control group would show, four times of five")
        }
    };
    Term { name, says }
}

fn assumed(name: &str) -> Option<&'static str> {
    Some(match name {
        "visits" => "how much oftener members come",
        "basket" => "how much bigger baskets become",
        "near reward" => "how much oftener members come near a reward",
        "after reward" => "how much oftener members come after a reward",
        "keeping level" => "how much oftener members come to keep their level",
        "staying" => "how many fewer members leave",
        "coming back" => "how many of those who left come back",
        "redeem" => "how often members take a reward they can afford",
        "margin" => "the margin on what is sold",
        "gap" => "how many days lie between purchases",
        "leave" => "how many stop buying in a year",
        "activity" => "how often those who do it do it",
        "members with" => "how many of the members do it",
        "visit" => "how often members come by without buying",
        "subscribe" => "how many members take the membership",
        "renew" => "how many go on at the end of a term",
        "joining at once" => "how many join at once",
        "joining over time" => "how many join later",
        "returns" => "how many purchases come back",
        _ => return None,
    })
}
