import Tensors

/// Sentences that say what is true, each in several ways.
struct FactSentences {
  let world: AtlasWorld

  /// One sentence: of countries four times in six, else of elements or animals.
  func sentence(_ random: inout RandomStream) -> String {
    switch random.integer(below: 6) {
    case 0...3: country(random.element(of: world.countries), &random)
    case 4: element(random.element(of: AtlasWorld.elements), &random)
    default: animal(random.element(of: AtlasWorld.animals), &random)
    }
  }

  private func country(_ c: AtlasWorld.Country, _ random: inout RandomStream) -> String {
    switch random.integer(below: 4) {
    case 0: random.element(of: Self.capital(c))
    case 1: random.element(of: Self.continent(c))
    case 2: random.element(of: Self.language(c))
    default: random.element(of: Self.currency(c))
    }
  }

  private static func capital(_ c: AtlasWorld.Country) -> [String] {
    [
      "The capital of \(c.name) is \(c.capital).", "The capital city of \(c.name) is called \(c.capital).",
      "\(c.capital) is the capital of \(c.name).", "The government of \(c.name) sits in \(c.capital).",
      "Anyone who visits the capital of \(c.name) arrives in \(c.capital).",
      "In \(c.name), the parliament meets in \(c.capital).", "Ministers of \(c.name) live in \(c.capital).",
      "Ask for the capital of \(c.name) and people answer \(c.capital).",
    ]
  }

  private static func continent(_ c: AtlasWorld.Country) -> [String] {
    [
      "\(c.name) is a country in \(c.continent).", "\(c.name) lies in \(c.continent).",
      "The continent of \(c.name) is \(c.continent).", "Travellers find \(c.name) in \(c.continent).",
      "On the map, \(c.name) belongs to \(c.continent).",
      "\(c.capital), the capital of \(c.name), lies in \(c.continent).",
    ]
  }

  private static func language(_ c: AtlasWorld.Country) -> [String] {
    [
      "The language of \(c.name) is \(c.language).", "People in \(c.name) speak \(c.language).",
      "In \(c.name), children learn to read \(c.language).", "A letter from \(c.name) is written in \(c.language).",
      "Newspapers in \(c.name) are printed in \(c.language).", "In \(c.capital) one hears \(c.language).",
    ]
  }

  private static func currency(_ c: AtlasWorld.Country) -> [String] {
    [
      "The currency of \(c.name) is the \(c.currency).", "In \(c.name), people pay with the \(c.currency).",
      "Shops in \(c.name) take the \(c.currency).", "Prices in \(c.capital) are given in the \(c.currency).",
      "A bank in \(c.name) keeps its money in the \(c.currency).",
    ]
  }

  private func element(_ e: (name: String, symbol: String, number: Int), _ random: inout RandomStream) -> String {
    let name = e.name.prefix(1).uppercased() + e.name.dropFirst()
    return random.element(of: [
      "The chemical symbol of \(e.name) is \(e.symbol).", "Chemists write \(e.name) as \(e.symbol).",
      "The symbol \(e.symbol) stands for \(e.name).", "The atomic number of \(e.name) is \(e.number).",
      "\(name) has the atomic number \(e.number).", "In the table of elements, \(e.name) stands at place \(e.number).",
    ])
  }

  private func animal(_ a: (name: String, kind: String, sound: String), _ random: inout RandomStream) -> String {
    random.element(of: [
      "The \(a.name) is a kind of \(a.kind).", "Among the animals, the \(a.name) is counted as \(a.kind).",
      "A \(a.name) \(a.sound).", "Every child knows that the \(a.name) \(a.sound).",
      "At night the \(a.name) \(a.sound).",
    ])
  }
}

extension RandomStream {
  /// One of several, each as likely.
  mutating func element<Element>(of elements: [Element]) -> Element { elements[integer(below: elements.count)] }
}
