//! The first workload with a general rules engine: zen decides what a receipt earns, and this program reads the file,
//! hands it receipt after receipt and adds up. Only purchases.
//!
//! `zen --events FILE.csv --facts FILE`

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use zen_engine::DecisionEngine;
use zen_engine::model::DecisionContent;

/// The program as a decision: an expression over the lines of a receipt, amounts in hundredths.
const POINTS: &str = "floor(sum(map(lines, #.amount * (#.category in ['tobacco', 'gift_card'] ? 0 : \
                      #.category in ['produce', 'bakery'] ? 4 : #.category in ['household', 'pet'] ? 3 : 2))) / 400)";

fn decision() -> Result<zen_engine::Decision, Box<dyn Error>> {
    let content: DecisionContent = serde_json::from_value(json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "calc", "name": "calc", "type": "expressionNode", "content": {
                "expressions": [ { "id": "x", "key": "points", "value": POINTS } ], "passThrough": false
            } },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} }
        ],
        "edges": [
            { "id": "e1", "sourceId": "in", "targetId": "calc" },
            { "id": "e2", "sourceId": "calc", "targetId": "out" }
        ]
    }))?;
    let mut decision = DecisionEngine::default().create_decision(content.into())?;
    decision.compile();
    Ok(decision)
}

fn hundredths(text: &str) -> Result<u64, Box<dyn Error>> {
    let (whole, part) = text.split_once('.').ok_or("amounts of two decimals are wanted")?;
    Ok(whole.parse::<u64>()? * 100 + part.parse::<u64>()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let value =
        |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).ok_or("what file?");
    let (events, facts) = (value("--events")?, value("--facts")?);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let decision = decision()?;
    let mut reader = csv::Reader::from_path(events)?;
    let (mut row, mut id, mut member, mut time) =
        (csv::StringRecord::new(), String::new(), String::new(), String::new());
    let mut lines: Vec<Value> = Vec::new();
    let mut members: BTreeMap<String, u64> = BTreeMap::new();
    let mut end = |member: &str, lines: &mut Vec<Value>| -> Result<(), Box<dyn Error>> {
        if !lines.is_empty() {
            let receipt = json!({ "lines": std::mem::take(lines) });
            let answer = runtime.block_on(decision.evaluate(receipt.into())).map_err(|error| error.to_string())?;
            let points = answer.result.to_value()["points"].to_string();
            *members.entry(member.to_owned()).or_default() += points.parse::<f64>()? as u64;
        }
        Ok(())
    };
    while reader.read_record(&mut row)? {
        if row[0] != id {
            end(&member, &mut lines)?;
            id = row[0].to_owned();
            time = row[1].to_owned();
            member = row[3].to_owned();
        }
        lines.push(json!({ "amount": hundredths(&row[4])?, "category": &row[7] }));
    }
    end(&member, &mut lines)?;
    let total: u64 = members.values().sum();
    let mut out = std::io::BufWriter::new(std::fs::File::create(facts)?);
    writeln!(out, "as_of,member,what,value\n{time},,total:point:earned,{total}")?;
    // A point is worth 0.02 RON.
    writeln!(out, "{time},,total:point:liability,{}.{:02}", total * 2 / 100, total * 2 % 100)?;
    writeln!(out, "{time},,total:point:outstanding,{total}")?;
    for (member, points) in members.iter().filter(|member| *member.1 > 0) {
        writeln!(out, "{time},{member},balance:point,{points}\n{time},{member},earned:point,{points}")?;
    }
    Ok(())
}
