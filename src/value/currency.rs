//! The currencies of ISO 4217 and their minor units.

/// The codes in use, by their minor units: digits after the point.
const BY_MINOR_UNITS: &[(u32, &str)] = &[
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD \
         CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
         GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA \
         MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR \
         RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD \
         TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// The minor units of a currency: 2 for most, 0 for JPY, 3 for KWD; none for a code that is not in use.
///
/// ```
/// use loyal::value::currency::minor_units;
/// assert_eq!((minor_units("RON"), minor_units("JPY"), minor_units("KWD")), (Some(2), Some(0), Some(3)));
/// assert_eq!(minor_units("LEI"), None);
/// ```
pub fn minor_units(code: &str) -> Option<u32> {
    let holds = |codes: &str| codes.split_whitespace().any(|one| one == code);
    BY_MINOR_UNITS.iter().find(|(_, codes)| holds(codes)).map(|(units, _)| *units)
}

/// Every code in use, for suggestions.
pub fn codes() -> Vec<&'static str> {
    BY_MINOR_UNITS.iter().flat_map(|(_, codes)| codes.split_whitespace()).collect()
}
