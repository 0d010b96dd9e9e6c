"""Whether a currency is one that ISO 4217 lists for payments."""

from collections.abc import Iterator

from shared.contracts.money import Money
from shared.contracts.terms import Terms

_LISTED = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
    LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
    PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XOF XPF YER
    ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_LISTED.split())


def require_known_currencies(terms: Terms | None) -> None:
    """Refuse an amount in a currency that there is not.

    Raises:
        ValueError: with its place, and what is expected.

    """
    for place, money in _amounts(terms) if terms else ():
        if money.currency not in CURRENCIES:
            raise ValueError(f"{place}.currency: {money.currency} is no currency of ISO 4217, such as EUR or NZD")


def _amounts(terms: Terms) -> Iterator[tuple[str, Money]]:
    for place, price in enumerate(terms.prices):
        yield f"prices.{place}", price
    if terms.costs:
        for name in ("fixed", "marginal"):
            if money := getattr(terms.costs, name):
                yield f"costs.{name}", money
