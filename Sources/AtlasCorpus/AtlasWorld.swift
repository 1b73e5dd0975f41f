import JSONText

/// What is true in the world of the corpus.
public struct AtlasWorld: Sendable {
  /// A country, and what is said of it.
  public struct Country: Sendable, Equatable {
    public var name: String
    public var capital = ""
    public var continent = ""
    public var language = ""
    public var currency = ""
  }

  /// The countries in the order of their file.
  public var countries: [Country]

  static let elements: [(name: String, symbol: String, number: Int)] = [
    ("hydrogen", "H", 1), ("helium", "He", 2), ("lithium", "Li", 3), ("carbon", "C", 6), ("nitrogen", "N", 7),
    ("oxygen", "O", 8), ("neon", "Ne", 10), ("sodium", "Na", 11), ("magnesium", "Mg", 12), ("silicon", "Si", 14),
    ("sulfur", "S", 16), ("chlorine", "Cl", 17), ("argon", "Ar", 18), ("potassium", "K", 19), ("calcium", "Ca", 20),
    ("iron", "Fe", 26), ("nickel", "Ni", 28), ("copper", "Cu", 29), ("zinc", "Zn", 30), ("silver", "Ag", 47),
    ("tin", "Sn", 50), ("iodine", "I", 53), ("tungsten", "W", 74), ("platinum", "Pt", 78), ("gold", "Au", 79),
    ("mercury", "Hg", 80), ("lead", "Pb", 82), ("uranium", "U", 92),
  ]

  static let animals: [(name: String, kind: String, sound: String)] = [
    ("trout", "fish", "swims"), ("mouse", "mammal", "squeaks"), ("wolf", "mammal", "howls"),
    ("pig", "mammal", "grunts"), ("snake", "reptile", "hisses"), ("lizard", "reptile", "hisses"),
    ("cow", "mammal", "moos"), ("rooster", "bird", "crows"), ("eagle", "bird", "screams"),
    ("toad", "amphibian", "croaks"), ("crow", "bird", "caws"), ("cricket", "insect", "chirps"),
    ("lion", "mammal", "roars"), ("horse", "mammal", "neighs"), ("dove", "bird", "coos"), ("salmon", "fish", "swims"),
    ("dog", "mammal", "barks"), ("sheep", "mammal", "bleats"), ("bat", "mammal", "squeaks"), ("cat", "mammal", "purrs"),
    ("duck", "bird", "quacks"), ("owl", "bird", "hoots"), ("bee", "insect", "buzzes"), ("frog", "amphibian", "croaks"),
  ]

  /// A world whose countries are the subjects of a file of facts: one JSON object a line, with `relation`, `subject` and
  /// `answer`.
  ///
  /// - Throws: `AtlasError` with the line of what is no such object, and for a country of which something is not said.
  public init(facts: String) throws {
    var countries: [Country] = []
    for (number, line) in facts.split(separator: "\n").enumerated() {
      guard let fact = try? JSON.parse(String(line)), let relation = fact["relation"]?.stringValue,
        let subject = fact["subject"]?.stringValue, let answer = fact["answer"]?.stringValue
      else { throw AtlasError("line \(number + 1) is no fact with relation, subject and answer") }
      let place = countries.firstIndex { $0.name == subject } ?? countries.count
      if place == countries.count { countries.append(Country(name: subject)) }
      switch relation {
      case "capital": countries[place].capital = answer
      case "continent": countries[place].continent = answer
      case "language": countries[place].language = answer
      case "currency": countries[place].currency = answer
      default: throw AtlasError("line \(number + 1) has the relation '\(relation)', which the corpus does not know")
      }
    }
    for country in countries
    where [country.capital, country.continent, country.language, country.currency].contains("") {
      throw AtlasError("\(country.name) lacks its capital, continent, language or currency")
    }
    guard countries.count > 1 else { throw AtlasError("there are no countries in it") }
    self.countries = countries
  }
}

/// Why there is no world to write about.
public struct AtlasError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
