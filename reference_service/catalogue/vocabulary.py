"""The words that the realistic catalogue is written with."""

from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Topic:
    """A category: how common it is, what its services are about, and what they are tagged with."""

    category: str
    weight: int
    subjects: tuple[str, ...]
    tags: tuple[str, ...]


def _topic(category: str, weight: int, subjects: str, tags: str) -> Topic:
    return Topic(category, weight, tuple(subjects.split(", ")), tuple(tags.split()))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TOPICS = (
    _topic("weather", 9, "Weather, Forecast, Radar, Climate", "forecast radar climate storms hourly"),
    _topic("finance", 9, "Markets, Rates, Quotes, Ledger", "stocks forex quotes rates banking"),
    _topic("ai", 9, "Vision, Embeddings, Summaries, Inference", "llm vision embeddings inference models"),
    _topic("data", 8, "Datasets, Enrichment, Records, Catalogs", "datasets enrichment csv batch open-data"),
    _topic("maps", 6, "Geocoding, Maps, Routing, Elevation", "geocoding routing tiles places gps"),
    _topic("translation", 4, "Translate, Language, Glossary", "translation language localization text"),
    _topic("news", 5, "Headlines, News, Archive", "headlines articles press archive rss"),
    _topic("sports", 4, "Scores, Fixtures, Odds", "scores leagues odds live statistics"),
    _topic("speech", 3, "Speech, Voices, Transcripts", "speech voices transcripts audio"),
    _topic("images", 4, "Images, Thumbnails, Photos", "images photos resize thumbnails ocr"),
    _topic("identity", 4, "Identity, Verify, Login", "identity kyc verification login"),
    _topic("payments", 5, "Payments, Invoices, Checkout", "payments invoices checkout billing"),
    _topic("messaging", 5, "Messages, Mail, Alerts", "email sms notifications alerts push"),
    _topic("blockchain", 4, "Chain, Wallets, Tokens", "blockchain wallets tokens nft"),
    _topic("health", 3, "Health, Nutrition, Clinics", "health nutrition medical fitness"),
    _topic("travel", 4, "Flights, Hotels, Trips", "flights hotels booking airports"),
    _topic("food", 2, "Recipes, Menus, Groceries", "recipes menus groceries nutrition"),
    _topic("jobs", 2, "Jobs, Salaries, Talent", "jobs salaries hiring resumes"),
    _topic("real-estate", 2, "Homes, Listings, Rents", "homes listings rents valuation"),
    _topic("science", 3, "Papers, Genomes, Molecules", "papers research genomes citations"),
    _topic("energy", 3, "Energy, Solar, Grid", "energy solar grid carbon"),
    _topic("logistics", 3, "Parcels, Freight, Tracking", "parcels freight tracking customs"),
    _topic("security", 3, "Threats, Scans, Secrets", "security threats malware scans"),
    _topic("commerce", 4, "Prices, Products, Reviews", "prices products reviews retail"),
)
TOPIC_WEIGHTS = tuple(accumulate(topic.weight for topic in TOPICS))

BRAND_STARTS = _words(
    """
    Alder Amber Apex Arc Aster Atlas Aurora Basalt Beacon Birch Bluefin Borealis Bright Cedar Cirrus
    Cobalt Comet Copper Coral Crest Delta Drift Echo Ember Falcon Fathom Fjord Flint Forge Garnet
    Glacier Granite Harbor Hazel Helio Indigo Iris Juniper Keel Kestrel Lark Lumen Lunar Maple
    Marlin Meridian Mosaic Nimbus North Nova Oak Onyx Orbit Osprey Pebble Pine Polar Prism Quartz
    Quill Raven Ridge River Rowan Saffron Sable Sierra Silver Slate Solstice Sparrow Spruce Sterling
    Summit Swift Tern Thistle Tidal Timber Topaz Umber Vale Vector Verdant Vertex Violet Wren Zephyr
    Zenith
    """
)
BRAND_ENDS = _words(
    """
    bridge bay cast core dale desk field flow forge gate grid hub labs lane leaf light line link
    loop mark mesh mill mind pad path peak point port reach run scope sense shore side span stack
    stone stream way well wire works yard
    """
)
FORMS = ("API", "API", "API", "Service", "Cloud", "Feed", "Pro", "Lite", "Gateway", "Studio")

QUALITIES = _words(
    """
    fast reliable simple affordable accurate global historical hourly structured normalized curated
    multilingual lightweight streaming enterprise verified scalable anonymous privacy-friendly
    low-latency
    """
)
AUDIENCES = _words(
    """
    agents developers startups researchers traders newsrooms farmers insurers retailers analysts
    travelers students cities airlines hospitals shippers game-studios utilities
    """
)

# By rank: a word's share falls with it, as in any language (Zipf, s = 1).
WORDS = _words(
    """
    data agents requests search prices live history coverage weather regions updates accuracy
    forecasts documents images markets alerts locations models language events maps accounts quality
    batch currency sources cities text reports webhooks users records countries sensors metadata
    archives payments risk streams vehicles stations satellite temperature traffic energy answers
    devices invoices news ranking languages customers ports routes airports exchanges companies
    sports teams players recipes jobs homes patents papers proteins chemicals tokens wallets
    contracts blocks emails phones addresses postcodes parcels flights hotels trains ships ferries
    bridges rivers tides waves wind rain snow storms lightning pollen humidity pressure drought
    wildfire earthquakes volcanoes glaciers oceans forests crops soil yields livestock commodities
    gold copper oil gas coal hydrogen solar turbines batteries chargers tariffs carbon emissions
    recycling waste water air noise light colors fonts icons logos photos videos subtitles podcasts
    songs lyrics books chapters quotes poems courses exams schools museums theatres festivals
    tickets seats restaurants menus allergens calories vitamins medicines trials clinics dentists
    vaccines genomes cells planets stars comets asteroids orbits rockets drones robots lidar radar
    sonar barcodes receipts ledgers audits taxes grants tenders courts statutes votes polls census
    migrants visas passports borders customs embargoes sanctions fraud phishing malware secrets
    certificates domains headers cookies crawlers sitemaps feeds comments reviews ratings coupons
    auctions baskets warehouses pallets containers cranes
    """
)
WORD_WEIGHTS = tuple(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))

OPERATIONS = (
    ("GET", "/current", "Current"),
    ("GET", "/history", "History"),
    ("GET", "/search", "Search"),
    ("POST", "/batch", "Batch"),
    ("GET", "/{id}", "One by id"),
    ("POST", "/subscriptions", "Subscribe"),
)
